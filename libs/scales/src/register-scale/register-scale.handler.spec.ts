import { generateKeyPairSync } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { EventRegistry, Streams, type EventMetadata } from '#event-store';
import { InMemoryEventStore } from '#event-store/testing';
import { InvalidFields } from '#kernel';
import { scalesEventTypes } from '../event-types.js';
import { type PublicJwk } from '../events/scale.events.js';
import { PointNotOpen, ScaleAlreadyRegistered } from '../scale/scale.errors.js';
import { CollectionPoints } from './collection-points.js';
import { RegisterScaleCommand, type ScaleParticulars } from './register-scale.command.js';
import { RegisterScaleHandler } from './register-scale.handler.js';

const BY_CLERK: EventMetadata = {
  municipalityId: 'beitillu',
  correlationId: 'request-1',
  causationId: 'request-1',
  actor: 'clerk-1',
};

class OnlyTheSchool extends CollectionPoints {
  isOpen(municipalityId: string, pointId: string): Promise<boolean> {
    return Promise.resolve(municipalityId === 'beitillu' && pointId === 'school');
  }
}

/** A new key of a curve, as a scale would send its public half. */
function publicKey(curve: 'Ed25519' | 'P-256'): PublicJwk {
  const { publicKey } =
    curve === 'Ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: curve });
  return publicKey.export({ format: 'jwk' }) as unknown as PublicJwk;
}

function particulars(changes: Partial<ScaleParticulars> = {}): ScaleParticulars {
  return {
    scaleId: 'beitillu-01',
    pointId: 'school',
    trust: { kind: 'unsigned' },
    capacityGrams: 60_000,
    minimumGrams: 400,
    intervalGrams: 20,
    verifiedUntil: '2027-12-31T23:59:59.000Z',
    firstSeq: null,
    ...changes,
  };
}

describe('the command to register a scale', () => {
  let store: InMemoryEventStore;
  let handler: RegisterScaleHandler;
  beforeEach(() => {
    store = new InMemoryEventStore();
    handler = new RegisterScaleHandler(new Streams(store, new EventRegistry(scalesEventTypes)), new OnlyTheSchool());
  });
  const register = (scale: ScaleParticulars, metadata = BY_CLERK) =>
    handler.execute(new RegisterScaleCommand(scale, metadata));

  it.each(['Ed25519', 'P-256'] as const)('records a scale that signs with %s, and by whom', async (curve) => {
    const trust = { kind: 'signed', kid: 'k', key: publicKey(curve) } as const;
    const { position } = await register(particulars({ trust }));

    const [event] = await store.readStream('scale-beitillu-01');
    expect(event).toMatchObject({
      position,
      type: 'ScaleRegistered',
      schemaVersion: 1,
      data: { municipalityId: 'beitillu', scaleId: 'beitillu-01', trust, firstSeq: 1 },
      metadata: BY_CLERK,
    });
  });

  it('answers a repeat with the position of the first', async () => {
    const first = await register(particulars());
    expect(await register(particulars())).toEqual(first);
    expect(await store.readStream('scale-beitillu-01')).toHaveLength(1);
  });

  it('refuses other particulars under the same id', async () => {
    await register(particulars());
    await expect(register(particulars({ capacityGrams: 30_000 }))).rejects.toThrow(ScaleAlreadyRegistered);
  });

  it('refuses a point that the municipality has not opened', async () => {
    await expect(register(particulars({ pointId: 'market' }))).rejects.toThrow(PointNotOpen);
    await expect(register(particulars(), { ...BY_CLERK, municipalityId: 'elsewhere' })).rejects.toThrow(PointNotOpen);
  });

  it('refuses a key whose point is not on its curve: no signature could ever be checked with it', async () => {
    const key: PublicJwk = { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) };
    await expect(register(particulars({ trust: { kind: 'signed', kid: 'k', key } }))).rejects.toThrow(InvalidFields);
    expect(await store.head()).toBe('0');
  });
});
