import { createHash } from 'node:crypto';
import { canonicalize } from 'json-canonicalize';
import { type WeighingReportV1 } from './weighing-reports.v1.js';

/**
 * What "the same content" of a report means: base64url SHA-256 over its canonical form (RFC 8785) together with the
 * scale it comes from. Two spellings of one report (order of fields, escapes, case of the id) hash alike; fields that
 * this version does not know count too. A report read by `readWeighingReports` holds nothing without a canonical form.
 */
export function reportHash(scaleId: string, report: WeighingReportV1): string {
  return createHash('sha256').update(canonicalize({ scaleId, report })).digest('base64url');
}
