import {
  PAYLOAD_BYTES_MAX,
  signMessage,
  WEIGHING_REPORTS_SCHEMA,
  type SigningKey,
  type WeighingReportV1,
} from '#protocol';

/** What a payload holds beside its reports. */
const ENVELOPE_BYTES_MAX = 512;
const REPORTS_BYTES_MAX = PAYLOAD_BYTES_MAX - ENVELOPE_BYTES_MAX;

/** A report that is stored, with the boot whose monotonic clock it was taken by. */
export interface StoredReport {
  readonly bootId: string;
  readonly report: WeighingReportV1;
}

/** A message as it is sent, first time and every time: its text is never made again. */
export interface SealedMessage {
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly text: string;
}

/** Makes messages out of reports. Without a key it writes plain JSON, as a scale registered as unsigned does. */
export interface MessageWriter {
  readonly scaleId: string;
  readonly key: SigningKey | null;
  /** At most REPORTS_PER_MESSAGE_MAX of the protocol. */
  readonly reportsPerMessageMax: number;
}

/**
 * How many of these reports, from the first, fit into one message: of one boot, since a message names one, at most
 * so many, and within the protocol's size. At least one when there is one.
 */
export function fittingReports({ reportsPerMessageMax }: MessageWriter, reports: readonly StoredReport[]): number {
  let bytes = 0;
  let count = 0;
  for (const { bootId, report } of reports.slice(0, reportsPerMessageMax)) {
    bytes += Buffer.byteLength(JSON.stringify(report)) + 1;
    if (bootId !== reports[0]?.bootId || (count > 0 && bytes > REPORTS_BYTES_MAX)) break;
    count += 1;
  }
  return count;
}

/**
 * Seals reports into a message that points at the message before it.
 * @param reports at least one, of one boot, in the order of their numbers
 */
export function sealMessage(
  { scaleId, key }: MessageWriter,
  reports: readonly StoredReport[],
  previous: string | null,
): SealedMessage {
  const [first, last] = [reports[0], reports.at(-1)];
  if (!first || !last) throw new RangeError('A message holds at least one report');

  const payload = JSON.stringify({
    schema: WEIGHING_REPORTS_SCHEMA,
    scaleId,
    bootId: first.bootId,
    previous,
    reports: reports.map(({ report }) => report),
  });
  return {
    firstSeq: first.report.seq,
    lastSeq: last.report.seq,
    text: key ? signMessage(Buffer.from(payload), key) : payload,
  };
}
