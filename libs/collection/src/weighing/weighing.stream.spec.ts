import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { version } from 'uuid';
import { quarantineIdOf } from '../quarantine/quarantine.stream.js';
import { weighingEventId, weighingStream } from './weighing.stream.js';

const UUID_V8 = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const seqs = fc.nat({ max: Number.MAX_SAFE_INTEGER });

describe('the event of a sequence number', () => {
  it('stays what it is: the log holds it', () => {
    expect(weighingEventId('beitillu-01', 4711)).toMatchInlineSnapshot(`"1d20434b-1196-80fd-8000-000000001267"`);
    expect(weighingStream('01931d5e-7c1a-7cc3-9d6e-3a5b1c2d4e5f')).toBe(
      'weighing-01931d5e-7c1a-7cc3-9d6e-3a5b1c2d4e5f',
    );
  });

  it('is a UUID of version 8', () => {
    fc.assert(
      fc.property(fc.string(), seqs, (scaleId, seq) => {
        expect(weighingEventId(scaleId, seq)).toMatch(UUID_V8);
        expect(version(weighingEventId(scaleId, seq))).toBe(8);
      }),
    );
  });

  it('is another one for another number or another scale', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'ab'), seqs), { selector: String }), (named) => {
        const ids = named.map(([scaleId, seq]) => weighingEventId(scaleId, seq));
        expect(new Set(ids).size).toBe(named.length);
      }),
    );
  });
});

describe('the id of a quarantined report', () => {
  const key = { topic: 'mizan/v1/scales/a/weighings', messageHash: 'h', index: 0, reasons: ['bad-schema'] };

  it('is the same for the same message, place and reasons, and a UUID of version 8', () => {
    expect(quarantineIdOf({ ...key, reasons: [...key.reasons] })).toBe(quarantineIdOf(key));
    fc.assert(
      fc.property(fc.string(), (messageHash) => expect(quarantineIdOf({ ...key, messageHash })).toMatch(UUID_V8)),
    );
  });

  it('is another one for anything else', () => {
    const others = [
      key,
      { ...key, topic: 'mizan/v1/scales/b/weighings' },
      { ...key, messageHash: 'i' },
      { ...key, index: 1 },
      { ...key, index: null },
      { ...key, reasons: ['bad-signature'] },
      { ...key, reasons: [] },
    ];
    expect(new Set(others.map(quarantineIdOf)).size).toBe(others.length);
  });
});
