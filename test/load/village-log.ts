import { v7 as uuidv7 } from 'uuid';
import { type MunicipalityEstablished, type WasteWeighed } from '#collection/events';
import { type Append } from '#event-store';
import { type DomainEvent } from '#kernel';
import { type SchemePublished } from '#rewards/events';

/** The log of a village in which a household comes to a scale every minute of the day. */

const HOUSEHOLDS = Array.from({ length: 1_000 }, () => uuidv7());
const MATERIALS = ['organic', 'paper', 'metal', 'plastic', 'glass', 'textiles'] as const;
const FIRST_WEIGHING_MS = Date.parse('2026-01-02T06:00:00.000Z');
const BETWEEN_WEIGHINGS_MS = 60_000;

/** What comes before the first weighing. */
export function founding(): readonly Append[] {
  return [append(MUNICIPALITY), append(SCHEME)];
}

/** @param n how many weighings came before it */
export function weighing(n: number): Append {
  const weighedAt = new Date(FIRST_WEIGHING_MS + n * BETWEEN_WEIGHINGS_MS).toISOString();
  const netGrams = 200 + ((n * 37) % 5_000);
  const event: WasteWeighed = {
    type: 'WasteWeighed',
    data: {
      weighingId: uuidv7(),
      scaleId: `beitillu-0${1 + (n % 5)}`,
      seq: n + 1,
      pointId: `point-${1 + (n % 5)}`,
      householdId: HOUSEHOLDS[n % HOUSEHOLDS.length] ?? null,
      cardHash: 'Zk1yQ2nYb0m5QkqgB1o0o3mS1b9i7Xl1v0s2q8d4e6c',
      material: MATERIALS[n % MATERIALS.length] ?? 'organic',
      grossGrams: netGrams + 400,
      tareGrams: 400,
      netGrams,
      entry: 'measured',
      reasons: [],
      alibiId: null,
      frame: 'ST,GS,    2.35,kg',
      weighedAt,
      clock: 'ntp',
      receivedAt: weighedAt,
      messageHash: 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg',
    },
  };
  return append(event);
}

function append(event: DomainEvent): Append {
  const id = uuidv7();
  const metadata = { municipalityId: 'beitillu', correlationId: id, causationId: id, actor: 'bench' };
  return { stream: `bench-${id}`, expected: 'no-stream', events: [{ id, schemaVersion: 1, metadata, ...event }] };
}

const MUNICIPALITY: MunicipalityEstablished = {
  type: 'MunicipalityEstablished',
  data: {
    municipalityId: 'beitillu',
    name: { ar: 'بيتللو', en: 'Beitillu' },
    timeZone: 'Asia/Hebron',
    currency: { code: 'ILS', decimals: 2 },
  },
};

const SCHEME: SchemePublished = {
  type: 'SchemePublished',
  data: {
    municipalityId: 'beitillu',
    schemeId: 'rewards',
    version: 1,
    effectiveFrom: '2026-01-01T00:00:00.000Z',
    scheme: {
      title: { ar: 'مكافآت', en: 'Rewards' },
      creditsPerKilogram: { plastic: '2.5', paper: '1', metal: '3', glass: '0.5', organic: '0.07' },
      earnsDespite: [],
      feeReductionPerCredit: '0.10',
      yearlyFee: '120.00',
      yearlyReductionMax: '60.00',
    },
  },
};
