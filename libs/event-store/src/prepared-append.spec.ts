import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { contentFingerprint, prepareAppend } from './prepared-append.js';
import { anAppend, anEvent } from './testing.js';

describe('what makes content the same', () => {
  it('is the SHA-256 of the type and of the data in canonical form', () => {
    const canonical = 'WasteWeighed\n{"a":[1,2.5,"é"],"b":null}';
    expect(contentFingerprint('WasteWeighed', { b: null, a: [1, 2.5, 'é'] })).toBe(
      createHash('sha256').update(canonical).digest('hex'),
    );
  });

  it('is what JSON carries: data read back has the same fingerprint', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (data) => {
        const again = JSON.parse(JSON.stringify(data)) as object;
        expect(contentFingerprint('A', again)).toBe(contentFingerprint('A', data));
      }),
    );
  });

  it.each<[string, object, object]>([
    ['a member that is undefined is not there', { a: 1, b: undefined }, { a: 1 }],
    ['a date is its text', { at: new Date(0) }, { at: '1970-01-01T00:00:00.000Z' }],
  ])('%s', (_what, one, other) => {
    expect(contentFingerprint('A', one)).toBe(contentFingerprint('A', other));
  });

  it.each<[string, object, object]>([
    ['a number is not its text', { a: 1 }, { a: '1' }],
    ['the order of a list counts', { a: [1, 2] }, { a: [2, 1] }],
    ['null is not nothing', { a: null }, {}],
  ])('%s', (_what, one, other) => {
    expect(contentFingerprint('A', one)).not.toBe(contentFingerprint('A', other));
  });
});

describe('preparing an append', () => {
  it('counts the bytes of data, metadata and envelope in UTF-8', () => {
    const event = anEvent({ data: { m: 'م' } });
    const metadata = JSON.stringify(event.metadata);
    const envelope = 128 + 2 * 'WasteWeighed'.length + 2 + 64;
    expect(prepareAppend(anAppend({ events: [event, anEvent({ data: {} })] })).bytes).toBe(
      10 + 2 + 2 * (metadata.length + envelope),
    );
  });
});
