import { z } from 'zod';
import { SCALE_ID_PATTERN } from './topics.js';

export const WEIGHING_REPORTS_SCHEMA = 'mizan/weighing-reports/1';

/** The whole payload, before or inside its signature. */
export const PAYLOAD_BYTES_MAX = 64 * 1024;
export const REPORTS_PER_MESSAGE_MAX = 100;

/** Far above any scale that a bag is put on (a road weighbridge ends near 60 t), far below 2^53. */
const GRAMS_MAX = 100_000_000;

const text = (max: number) => z.string().min(1).max(max);
const grams = z.int().min(0).max(GRAMS_MAX);

/**
 * One weighing as a scale tells it. Units are in the names; times are the scale's own claim. Fields that this version
 * does not know are kept as they came, because the signature covers them and a newer scale may mean something by them.
 */
export const weighingReportV1 = z.looseObject({
  /** Rises by exactly 1 per report for the life of the scale, across boots. */
  seq: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
  /** A UUID that the scale assigns once and persists before sending. */
  weighingId: z.uuid().transform((id) => id.toLowerCase()),
  weighedAt: z.iso.datetime(),
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

/** A message on `weighings`: the payload of a JWS, or plain JSON from a scale registered as unsigned. */
export const weighingReportsV1 = z.looseObject({
  schema: z.literal(WEIGHING_REPORTS_SCHEMA),
  scaleId: z.string().regex(SCALE_ID_PATTERN),
  bootId: z.uuid(),
  /** base64url SHA-256 of this scale's previous message as sent, null for its first. */
  previous: text(64).nullable(),
  reports: z.array(weighingReportV1).min(1).max(REPORTS_PER_MESSAGE_MAX),
});

export type WeighingReportV1 = z.infer<typeof weighingReportV1>;
export type WeighingReportsV1 = z.infer<typeof weighingReportsV1>;
