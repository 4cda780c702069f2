import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PAYLOAD_BYTES_MAX, REPORTS_PER_MESSAGE_MAX } from './limits.js';
import { reportHash } from './report-hash.js';
import { readWeighingReports, weighingReportV1, type WeighingReportV1 } from './weighing-reports.v1.js';

const EXAMPLE = readFileSync('devices/protocol/fixtures/weighing-reports.v1.json');

interface Example {
  reports: Record<string, unknown>[];
  [field: string]: unknown;
}

const example = () => JSON.parse(EXAMPLE.toString()) as Example;
const read = (message: unknown) => readWeighingReports(Buffer.from(JSON.stringify(message)));

function reportsOf(message: unknown) {
  const reading = read(message);
  if (!reading.readable) throw new Error(reading.problems.join());
  return reading.reports;
}

function withReport(change: Record<string, unknown>): Example {
  const message = example();
  message.reports = message.reports.map((report) => ({ ...report, ...change }));
  return message;
}

function readReport(change: Record<string, unknown> = {}): WeighingReportV1 {
  const [reading] = reportsOf(withReport(change));
  if (!reading?.readable) throw new Error(reading?.problems.join());
  return reading.report;
}

describe('the example message of the contract', () => {
  it('is read as it stands', () => {
    const [report] = example().reports;
    expect(readWeighingReports(EXAMPLE)).toEqual({
      readable: true,
      scaleId: 'beitillu-01',
      bootId: '0f6c0c1e-5d4b-4c47-9a44-8a1d2f3b9c10',
      previous: "base64url SHA-256 of this scale's previous message, or null",
      reports: [{ readable: true, report }],
    });
  });
});

describe('a report', () => {
  it('keeps what this version does not know', () => {
    expect(readReport({ moisture: { percent: 12.5, probe: 'b' } })).toMatchObject({
      moisture: { percent: 12.5, probe: 'b' },
    });
  });

  it('may come without a card, an alibi id and a frame', () => {
    const nothing = { card: null, alibiId: null, frame: null };
    expect(readReport(nothing)).toMatchObject(nothing);
    expect(readReport({ alibiId: undefined, frame: undefined })).toMatchObject({ alibiId: null, frame: null });
  });

  it('has one spelling of its id and its time', () => {
    const spelt = readReport({
      weighingId: '01931D5E-7C1A-7CC3-9D6E-3A5B1C2D4E5F',
      weighedAt: '2026-11-23T08:15:30.12Z',
    });
    expect(spelt).toEqual(readReport());
  });

  it('may weigh nothing, and less than its container', () => {
    expect(readReport({ grossGrams: 0, tareGrams: 400 })).toMatchObject({ grossGrams: 0, tareGrams: 400 });
  });

  it.each([
    ['seq', -1],
    ['seq', 1.5],
    ['seq', '4711'],
    ['weighingId', 'not a uuid'],
    ['weighedAt', '2026-02-30T08:15:30Z'],
    ['weighedAt', '2026-11-23T08:15:30+02:00'],
    ['clock', 'gps'],
    ['monotonicMs', null],
    ['card', ''],
    ['card', 'x'.repeat(129)],
    ['card', 'a\0b'],
    ['material', 'Plastic'],
    ['material', undefined],
    ['grossGrams', -1],
    ['grossGrams', 2350.5],
    ['grossGrams', 100_000_001],
    ['tareGrams', -400],
    ['stable', 'yes'],
    ['entry', 'guessed'],
    ['alibiId', 'x'.repeat(65)],
    ['frame', 'ST,GS,\0'],
  ])('is refused for its %s of %j, and the answer names the field', (field, value) => {
    const [reading] = reportsOf(withReport({ [field]: value }));
    expect(reading).toEqual({
      readable: false,
      seq: field === 'seq' ? null : 4711,
      weighingId: field === 'weighingId' ? null : '01931d5e-7c1a-7cc3-9d6e-3a5b1c2d4e5f',
      problems: [expect.stringContaining(`reports[0].${field}: `)],
    });
  });

  it('names every wrong field and repeats no value', () => {
    const [reading] = reportsOf(
      withReport({ card: 'SECRET\0', material: 'SECRET', grossGrams: 'SECRET', clock: 'SECRET' }),
    );
    if (!reading || reading.readable) throw new Error('was read');
    expect(reading.problems.map((problem) => problem.split(':')[0])).toEqual([
      'reports[0].clock',
      'reports[0].card',
      'reports[0].material',
      'reports[0].grossGrams',
    ]);
    expect(reading.problems.join()).not.toContain('SECRET');
  });

  it('that is wrong leaves its neighbours as they are', () => {
    const message = example();
    const [report] = message.reports;
    message.reports = [
      { ...report, seq: 1 },
      { ...report, seq: 2, stable: 2 },
      'nonsense' as never,
      { ...report, seq: 4 },
    ];
    expect(
      reportsOf(message).map((one) => (one.readable ? one.report.seq : { seq: one.seq, weighingId: one.weighingId })),
    ).toEqual([1, { seq: 2, weighingId: '01931d5e-7c1a-7cc3-9d6e-3a5b1c2d4e5f' }, { seq: null, weighingId: null }, 4]);
  });
});

describe('a message', () => {
  const problems = (bytes: Uint8Array) => {
    const reading = readWeighingReports(bytes);
    return reading.readable ? [] : reading.problems;
  };

  it.each([
    ['schema', 'mizan/weighing-reports/2'],
    ['scaleId', 'a/b'],
    ['bootId', 'x'],
    ['previous', undefined],
    ['reports', []],
    ['reports', 'none'],
    ['reports', undefined],
  ])('is refused for its %s of %j', (field, value) => {
    expect(read({ ...example(), [field]: value })).toEqual({
      readable: false,
      problems: [expect.stringContaining(`message.${field}: `)],
    });
  });

  it('holds at most a hundred reports', () => {
    const message = example();
    message.reports = Array.from({ length: REPORTS_PER_MESSAGE_MAX }, () => ({ ...message.reports[0] }));
    expect(reportsOf(message)).toHaveLength(100);
    message.reports.push({ ...message.reports[0] });
    expect(read(message).readable).toBe(false);
  });

  it.each([
    ['nothing', Buffer.alloc(0), 'not JSON'],
    ['text that is no JSON', Buffer.from('{"schema":'), 'not JSON'],
    ['a byte order mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), EXAMPLE]), 'not JSON'],
    ['UTF-16', Buffer.from(EXAMPLE.toString(), 'utf16le'), 'not JSON'],
    ['Latin-1', Buffer.from('{"schema":"é"}', 'latin1'), 'not UTF-8'],
    ['too many bytes', Buffer.alloc(PAYLOAD_BYTES_MAX + 1, 0x20), 'larger than'],
    ['endless nesting', Buffer.from('['.repeat(30_000) + ']'.repeat(30_000)), 'nested deeper'],
    ['an infinite number', Buffer.from('{"reports":[1e400]}'), 'too large to be exact'],
    ['a number that is rounded', Buffer.from('{"reports":[{"seq":9007199254740993}]}'), 'too large to be exact'],
    ['half a character', Buffer.from('{"reports":[{"card":"\\ud800"}]}'), 'lone surrogate'],
    ['half a character in a key', Buffer.from('{"\\udc00":1}'), 'lone surrogate'],
  ])('of %s is refused with the reason', (_, bytes, problem) => {
    expect(problems(bytes)).toEqual([expect.stringContaining(problem)]);
  });

  it('is answered whatever the bytes are', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void readWeighingReports(bytes)));
    fc.assert(fc.property(fc.json(), (text) => expect(readWeighingReports(Buffer.from(text)).readable).toBe(false)));
  });

  it('survives any one of its bytes being changed: it is read, or refused with a reason', () => {
    fc.assert(
      fc.property(fc.nat(EXAMPLE.length - 1), fc.nat(255), (at, byte) => {
        const changed = Buffer.from(EXAMPLE);
        changed[at] = byte;
        const reading = readWeighingReports(changed);
        if (!reading.readable) expect(reading.problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 2000 },
    );
  });

  it('does not reach into prototypes', () => {
    const [report] = reportsOf(JSON.parse(EXAMPLE.toString().replace('"seq"', '"__proto__":{"polluted":1},"seq"')));
    expect(report?.readable).toBe(true);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});

describe('the hash of a report', () => {
  const hash = (report: WeighingReportV1) => reportHash('beitillu-01', report);

  it('does not depend on the order or spelling of fields', () => {
    const reordered = Object.fromEntries(Object.entries(example().reports[0]!).reverse());
    const [reading] = reportsOf({ ...example(), reports: [reordered] });
    expect(reading?.readable && hash(reading.report)).toBe(hash(readReport()));
    expect(hash(readReport({ weighingId: '01931D5E-7C1A-7CC3-9D6E-3A5B1C2D4E5F' }))).toBe(hash(readReport()));
  });

  it('changes with the scale, with every field, and with fields this version does not know', () => {
    const changes: Record<string, unknown>[] = [
      { seq: 4712 },
      { weighingId: '01931d5e-7c1a-7cc3-9d6e-3a5b1c2d4e50' },
      { weighedAt: '2026-11-23T08:15:30.121Z' },
      { clock: 'rtc' },
      { monotonicMs: 82312 },
      { card: null },
      { material: 'glass' },
      { grossGrams: 2351 },
      { tareGrams: 401 },
      { stable: false },
      { entry: 'manual' },
      { alibiId: null },
      { frame: null },
      { moisture: 1 },
    ];
    const hashes = [
      reportHash('beitillu-02', readReport()),
      ...[{}, ...changes].map((change) => hash(readReport(change))),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(changes.flatMap((change) => Object.keys(change))).toEqual(
      expect.arrayContaining(Object.keys(weighingReportV1.shape)),
    );
  });

  it('stays what it is: stored events carry it', () => {
    expect(hash(readReport())).toMatchInlineSnapshot(`"h20TyMyQ5Dq8lJiM0Egu8S2mCQk_Ph7gZl1-lVlJtJQ"`);
  });
});
