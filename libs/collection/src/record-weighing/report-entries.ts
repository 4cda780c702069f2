import { type Append, type EventRegistry } from '#event-store';
import { assertNever } from '#kernel';
import { reportHash, type ReceiptResultV1, type ReportReading, type WeighingReportV1 } from '#protocol';
import { type QuarantineCase } from '../quarantine/report-quarantine.js';
import { weighingDecider, type ShownCard } from '../weighing/weighing.decider.js';
import { ImplausibleReport } from '../weighing/weighing.errors.js';
import { weighingEventId, weighingStream } from '../weighing/weighing.stream.js';
import { type BelievedMessage, type RefusedMessage } from './heard-message.js';
import { type MaterialName } from './material-catalogue.js';

/** What the decisions of a batch need to know of the world, looked up once for all of them. */
export interface Facts {
  readonly isListed: (name: MaterialName) => boolean;
  readonly cardOf: (municipalityId: string, token: string) => ShownCard;
  /** Reasons in spite of which a weighing of that time earns. */
  readonly earnsDespite: (municipalityId: string, weighedAt: string) => readonly string[];
}

/** What becomes of one report (or of a message, where none can be read), and what its scale is answered then. */
export type Entry =
  | {
      readonly kind: 'weighing';
      readonly append: Append;
      readonly result: ReceiptResultV1;
      /** The case that it is when the log turns out to hold something else in its place. */
      readonly contradiction: QuarantineCase;
    }
  | { readonly kind: 'quarantine'; readonly quarantine: QuarantineCase };

/** One entry for each report, in the message's order. */
export function entriesOf(message: BelievedMessage, facts: Facts, registry: EventRegistry): readonly Entry[] {
  const unnumbered = unnumberedProblems(message.reports);
  return message.reports.map((reading, index): Entry => {
    if (reading.readable) return entryOf(message, index, reading.report, facts, registry);
    const { seq, weighingId, problems } = reading;
    // Reports without a number cannot be told apart by whoever settles them: one case for all of a message.
    const place = seq === null ? { index: null, details: unnumbered } : { index, details: problems };
    return {
      kind: 'quarantine',
      quarantine: { ...originOf(message), ...place, seq, weighingId, reasons: ['bad-schema'] },
    };
  });
}

/** A message of which nothing can be recorded is one case. */
export function refusalOf(message: RefusedMessage, municipalityId: string): QuarantineCase {
  const { heard, reasons, details } = message;
  return {
    municipalityId,
    scaleId: heard.scaleId ?? '',
    topic: heard.topic,
    messageHash: heard.hash,
    receivedAt: heard.receivedAt,
    index: null,
    seq: null,
    weighingId: null,
    reasons,
    details,
  };
}

function entryOf(
  message: BelievedMessage,
  index: number,
  report: WeighingReportV1,
  facts: Facts,
  registry: EventRegistry,
): Entry {
  const { seq, weighingId } = report;
  const origin = { ...originOf(message), index, seq, weighingId };
  try {
    const contradiction = {
      ...origin,
      reasons: ['content-differs'],
      details: [`reports[${index}]: its seq or its weighingId is recorded with other content`],
    };
    return { kind: 'weighing', contradiction, ...weighingOf(message, report, facts, registry) };
  } catch (error) {
    if (!(error instanceof ImplausibleReport)) throw error;
    const { reasons } = error;
    const details = reasons.map((reason) => `reports[${index}]: ${implausibilityText(reason)}`);
    return { kind: 'quarantine', quarantine: { ...origin, reasons, details } };
  }
}

function weighingOf(
  { heard, scale }: BelievedMessage,
  report: WeighingReportV1,
  facts: Facts,
  registry: EventRegistry,
): { readonly append: Append; readonly result: ReceiptResultV1 } {
  const { municipalityId, scaleId } = scale;
  const { seq, weighingId, weighedAt, material, card } = report;
  const decided = weighingDecider.decide(
    {
      type: 'RecordWeighing',
      report,
      scale: { ...scale, signed: scale.trust.kind === 'signed' },
      card: card === null ? null : facts.cardOf(municipalityId, card),
      materialListed: facts.isListed({ municipalityId, material }),
      receivedAt: heard.receivedAt,
      messageHash: heard.hash,
    },
    // Appended to a stream that must not exist yet, it is decided on no history; a repeat meets the log.
    weighingDecider.initialState,
  );
  const metadata = { municipalityId, correlationId: heard.hash, causationId: heard.hash, actor: scaleId };
  const id = weighingEventId(scaleId, seq);
  const fingerprint = reportHash(scaleId, report);
  const events = decided.map(({ type, data }) => ({
    id,
    type,
    schemaVersion: registry.schemaVersionOf(type),
    data,
    metadata,
    // The report alone: when it was heard, and what the registers knew then, differs from one repeat to the next.
    fingerprint,
  }));
  const { netGrams, reasons } = decided[0]?.data ?? { netGrams: 0, reasons: [] };
  const forgiven = facts.earnsDespite(municipalityId, weighedAt);
  const rewardable = reasons.every((reason) => forgiven.includes(reason));
  return {
    append: { stream: weighingStream(weighingId), expected: 'no-stream', events },
    result: rewardable
      ? { seq, weighingId, outcome: 'recorded', netGrams }
      : { seq, weighingId, outcome: 'not-rewardable', netGrams, reasons: [...reasons] },
  };
}

function originOf({ heard, scale }: BelievedMessage) {
  const { municipalityId, scaleId } = scale;
  return { municipalityId, scaleId, topic: heard.topic, messageHash: heard.hash, receivedAt: heard.receivedAt };
}

function unnumberedProblems(reports: readonly ReportReading[]): readonly string[] {
  return reports.flatMap((reading) => (reading.readable || reading.seq !== null ? [] : reading.problems));
}

function implausibilityText(reason: ImplausibleReport['reasons'][number]): string {
  switch (reason) {
    case 'tare-exceeds-gross':
      return 'tareGrams is more than grossGrams';
    case 'clock-implausible':
      return 'weighedAt is too far from the time of receipt';
    default:
      return assertNever(reason);
  }
}
