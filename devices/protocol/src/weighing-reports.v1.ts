import { z } from 'zod';
import { PAYLOAD_BYTES_MAX, REPORTS_PER_MESSAGE_MAX } from './limits.js';
import { readStrictJson } from './strict-json.js';
import { SCALE_ID_PATTERN } from './topics.js';

export const WEIGHING_REPORTS_SCHEMA = 'mizan/weighing-reports/1';

/** Far above any scale that a bag is put on (a road weighbridge ends near 60 t), far below 2^53. */
const GRAMS_MAX = 100_000_000;

/** Enough to see what a scale does wrong; a report has not many more fields. */
const PROBLEMS_MAX = 16;

/** No database can hold the character NUL in text; nothing that a scale means contains it. */
const text = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\0]*$/, 'contains the character NUL');
const grams = z.int().min(0).max(GRAMS_MAX);

/**
 * One weighing as a scale tells it. Units are in the names; times are the scale's own claim. Fields that this version
 * does not know are kept as they came, because the signature covers them and a newer scale may mean something by them.
 */
export const weighingReportV1 = z.looseObject({
  /** Rises by exactly 1 per report for the life of the scale, across boots. */
  seq: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
  /** A UUID that the scale assigns once and persists before sending. Its letters have one spelling here: lower case. */
  weighingId: z.uuid().transform((id) => id.toLowerCase()),
  weighedAt: z.iso.datetime().transform((instant) => new Date(instant).toISOString()),
  clock: z.enum(['ntp', 'rtc', 'none']),
  /** Milliseconds since this boot, so that a clock set later can be carried back to this report. */
  monotonicMs: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
  /** What the card reader read: a pseudonym, never a name. */
  card: text(128).nullable(),
  material: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
  grossGrams: grams,
  tareGrams: grams,
  stable: z.boolean(),
  entry: z.enum(['measured', 'manual']),
  /** The record's id in the indicator's approved storage (PTB News 01-2). */
  alibiId: text(64).nullish().default(null),
  /** The indicator's own text, in which the trailing zeros carry the scale division. */
  frame: text(256).nullish().default(null),
});

const envelope = {
  schema: z.literal(WEIGHING_REPORTS_SCHEMA),
  scaleId: z.string().regex(SCALE_ID_PATTERN),
  bootId: z.uuid(),
  /** base64url SHA-256 of this scale's previous message as sent, null for its first. */
  previous: text(64).nullable(),
};

/** A message on `weighings`: the payload of a JWS, or plain JSON from a scale registered as unsigned. */
export const weighingReportsV1 = z.looseObject({
  ...envelope,
  reports: z.array(weighingReportV1).min(1).max(REPORTS_PER_MESSAGE_MAX),
});

export type WeighingReportV1 = z.infer<typeof weighingReportV1>;
export type WeighingReportsV1 = z.infer<typeof weighingReportsV1>;

/** The message around its reports, each of which is judged on its own. */
const envelopeV1 = z.looseObject({
  ...envelope,
  reports: z.array(z.unknown()).min(1).max(REPORTS_PER_MESSAGE_MAX),
});

/** What can still be known of a report that is not one, so that its scale can be answered. */
const remainsOfReport = z.object({
  seq: weighingReportV1.shape.seq.nullable().catch(null),
  weighingId: weighingReportV1.shape.weighingId.nullable().catch(null),
});

export type ReportReading =
  | { readonly readable: true; readonly report: WeighingReportV1 }
  | {
      readonly readable: false;
      readonly seq: number | null;
      readonly weighingId: string | null;
      /** Each wrong field by its path, and what was expected of it; never what it held. */
      readonly problems: readonly string[];
    };

export type MessageReading =
  | {
      readonly readable: true;
      readonly scaleId: string;
      readonly bootId: string;
      readonly previous: string | null;
      /** In the message's order. One that cannot be read leaves its neighbours as they are. */
      readonly reports: readonly ReportReading[];
    }
  | { readonly readable: false; readonly problems: readonly string[] };

/** Reads the payload of a message on `weighings`. Whatever the bytes are, the answer says which fields are wrong. */
export function readWeighingReports(payload: Uint8Array): MessageReading {
  const json = readStrictJson(payload, PAYLOAD_BYTES_MAX);
  if (!json.readable) return { readable: false, problems: [`message: ${json.problem}`] };
  const message = envelopeV1.safeParse(json.value);
  if (!message.success) return { readable: false, problems: problemsOf(message.error, 'message') };
  const { scaleId, bootId, previous, reports } = message.data;
  return { readable: true, scaleId, bootId, previous, reports: reports.map(readReport) };
}

function readReport(value: unknown, index: number): ReportReading {
  const report = weighingReportV1.safeParse(value);
  if (report.success) return { readable: true, report: report.data };
  const remains = remainsOfReport.safeParse(value);
  const { seq, weighingId } = remains.data ?? { seq: null, weighingId: null };
  return { readable: false, seq, weighingId, problems: problemsOf(report.error, `reports[${index}]`) };
}

/** Paths hold names of known fields and indexes only: unknown fields are not judged, so nothing a scale made up appears. */
function problemsOf({ issues }: z.ZodError, root: string): readonly string[] {
  return issues.slice(0, PROBLEMS_MAX).map(({ path, message }) => {
    const field = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
    return `${root}${field}: ${message}`;
  });
}
