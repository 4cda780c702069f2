import { type Append, type EventRegistry } from '#event-store';
import { type ReportQuarantined } from '../events/weighing.events.js';
import { quarantineIdOf, quarantineStream } from './quarantine.stream.js';

/** Enough to see what is wrong; the rest is in the evidence. */
const DETAILS_MAX = 100;
const TOPIC_LENGTH_MAX = 256;

/** Something that waits for a person, and where it came from. */
export interface QuarantineCase {
  readonly municipalityId: string;
  /** As the topic names it; empty where it names none. */
  readonly scaleId: string;
  readonly topic: string;
  readonly messageHash: string;
  readonly receivedAt: string;
  /** The report's place in its message; null where it is the message as a whole. */
  readonly index: number | null;
  readonly seq: number | null;
  readonly weighingId: string | null;
  readonly reasons: readonly string[];
  readonly details: readonly string[];
}

/** The append that opens a case; the same message opens the same case, however often it comes. */
export function quarantining(quarantine: QuarantineCase, registry: EventRegistry): Append {
  const { municipalityId, scaleId, messageHash, receivedAt, seq, weighingId, reasons } = quarantine;
  const quarantineId = quarantineIdOf(quarantine);
  const type: ReportQuarantined['type'] = 'ReportQuarantined';
  const data: ReportQuarantined['data'] = {
    quarantineId,
    scaleId,
    seq,
    weighingId,
    reasons,
    details: quarantine.details.slice(0, DETAILS_MAX),
    topic: storable(quarantine.topic),
    receivedAt,
    messageHash,
  };
  const metadata = { municipalityId, correlationId: messageHash, causationId: messageHash, actor: scaleId };
  const schemaVersion = registry.schemaVersionOf(type);
  return {
    stream: quarantineStream(quarantineId),
    expected: 'no-stream',
    events: [{ id: quarantineId, type, schemaVersion, data, metadata, fingerprint: quarantineId }],
  };
}

/** A broker may let topics through that a database cannot hold. */
function storable(topic: string): string {
  return topic.slice(0, TOPIC_LENGTH_MAX).replace(/[\0\p{Surrogate}]/gu, '\uFFFD');
}
