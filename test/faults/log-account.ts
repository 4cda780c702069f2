import { createHash } from 'node:crypto';
import { canonicalize } from 'json-canonicalize';
import { type WasteWeighed } from '#collection/events';
import { type Append, type NewEvent, type RecordedEvent } from '#event-store';
import { type Answer, type JournalledCall, type Offer } from './writer-journal.js';
import { MICRO_CREDITS_PER_GRAM } from './writer-traffic.js';

/** An event of the log, with a digest in place of what it says: a long log has to fit into memory. */
export interface Entry extends Pick<RecordedEvent, 'position' | 'stream' | 'revision' | 'id' | 'recordedAt'> {
  readonly content: string;
}

export function entryOf(event: RecordedEvent): Entry {
  const { position, stream, revision, id, recordedAt } = event;
  return { position, stream, revision, id, recordedAt, content: contentOf(event) };
}

function contentOf({ type, schemaVersion, data, metadata }: NewEvent | RecordedEvent): string {
  return createHash('sha256').update(canonicalize({ type, schemaVersion, data, metadata })).digest('base64url');
}

/** An append, what it was for, and what its writer was told. */
interface Settled extends Offer {
  readonly call: JournalledCall;
  readonly answer: Answer | undefined;
}

/** What the writers said and were told, held against what the log says. Each check names what is wrong, or nothing. */
export class LogAccount {
  private readonly settled: readonly Settled[];
  private readonly byId: ReadonlyMap<string, Entry>;

  constructor(
    calls: readonly JournalledCall[],
    private readonly log: readonly Entry[],
  ) {
    this.settled = calls.flatMap((call) =>
      call.offers.map((offer, place) => ({ ...offer, call, answer: call.answers?.[place] })),
    );
    this.byId = new Map(log.map((entry) => [entry.id, entry]));
  }

  /** Positions count the events: 1, 2, 3 and so on, at times that never fall; and so do the revisions of each stream. */
  misplaced(): readonly string[] {
    const lengths = new Map<string, number>();
    return this.log.flatMap(({ position, stream, revision, recordedAt }, index) => {
      const length = lengths.get(stream) ?? 0;
      lengths.set(stream, length + 1);
      return [
        ...(position === String(index + 1) ? [] : [`event ${index + 1} of the log is at position ${position}`]),
        ...(revision === length ? [] : [`event ${length} of ${stream} is at revision ${revision}`]),
        ...(recordedAt >= (this.log[index - 1]?.recordedAt ?? '') ? [] : [`time falls at position ${position}`]),
      ];
    });
  }

  /** What was acknowledged is there as it was first said, once and where the answer says; what was refused is not. */
  lostOrAltered(): readonly string[] {
    return this.firstSaid().flatMap(({ append, answer }) => {
      const found = append.events.map(({ id }) => this.byId.get(id));
      if (answer === undefined) return [`${append.stream} was never answered`];
      if (!isPlaced(answer)) return found.some(Boolean) ? [`${append.stream} was refused, and recorded`] : [];
      return append.events.flatMap((event, place) => {
        const entry = found[place];
        if (entry === undefined) return [`${event.id} was acknowledged, and is lost`];
        const toEnd = append.events.length - 1 - place;
        const isInPlace =
          entry.stream === append.stream &&
          entry.revision === answer.revision - toEnd &&
          BigInt(entry.position) === BigInt(answer.position) - BigInt(toEnd);
        return [
          ...(entry.content === contentOf(event) ? [] : [`${event.id} does not say what was first said`]),
          ...(isInPlace ? [] : [`${event.id} is not where its writer was told that it is`]),
        ];
      });
    });
  }

  /** Events that nobody has sent, or that are there more than once. */
  uncalledFor(): readonly string[] {
    const sent = new Set(this.firstSaid().flatMap(({ append }) => append.events.map(({ id }) => id)));
    const invented = this.log.filter(({ id }) => !sent.has(id)).map(({ id }) => `nobody sent ${id}`);
    return this.byId.size === this.log.length ? invented : [...invented, 'an event is in the log twice'];
  }

  /** A stream was found as its writer expected it, or the append was refused. */
  overtaken(): readonly string[] {
    return this.accepted().flatMap(({ append }) => {
      const [first] = append.events;
      const expected = append.expected === 'no-stream' ? 0 : Number(append.expected) + 1;
      const revision = first && this.byId.get(first.id)?.revision;
      return revision === expected
        ? []
        : [`${append.stream} expected ${append.expected}, was put at ${revision ?? -1}`];
    });
  }

  /** A repeat is answered with the first place, other content under a known id with a conflict, anything new with yes. */
  wronglyAnswered(): readonly string[] {
    return this.settled.flatMap((offer) => {
      const isRight = this.isRightlyAnswered(offer);
      const { purpose, append, answer, call } = offer;
      return isRight ? [] : [`${purpose} for ${append.stream}, said ${call.times} times: ${JSON.stringify(answer)}`];
    });
  }

  /** Appends that go together are all there, or none is. */
  tornApart(): readonly string[] {
    const together = new Map<JournalledCall, Set<boolean>>();
    for (const { call, append } of this.firstSaid()) {
      if (call.method !== 'appendAtomically') continue;
      const isThere = together.get(call) ?? new Set();
      for (const { id } of append.events) isThere.add(this.byId.has(id));
      together.set(call, isThere);
    }
    return [...together].filter(([, isThere]) => isThere.size > 1).map(([call]) => JSON.stringify(call.offers));
  }

  /** What the read models have to come to, added up from what the writers sent. */
  totals(): Totals {
    const credits = new Map<string, Sum>();
    const stocks = new Map<string, Sum>();
    const weighings = this.accepted().flatMap(({ append }) => append.events.filter(isWeighing));
    for (const { data } of weighings) {
      const { householdId, pointId, material, netGrams, reasons } = data;
      add(stocks, `${pointId} ${material}`, BigInt(netGrams));
      const perGram = reasons.length === 0 ? (MICRO_CREDITS_PER_GRAM[material] ?? 0n) : 0n;
      if (householdId !== null) add(credits, householdId, BigInt(netGrams) * perGram);
    }
    return { microCredits: inText(credits), grams: inText(stocks) };
  }

  /** How often each answer was given, for the report of a run. */
  answers(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { answer } of this.settled) {
      const outcome = answer?.outcome ?? 'none';
      counts[outcome] = (counts[outcome] ?? 0) + 1;
    }
    return counts;
  }

  private firstSaid(): readonly Settled[] {
    return this.settled.filter(({ purpose }) => purpose === 'new');
  }

  private accepted(): readonly Settled[] {
    return this.firstSaid().filter(({ answer }) => answer !== undefined && isPlaced(answer));
  }

  private isRightlyAnswered({ purpose, append, answer, call }: Settled): boolean {
    switch (purpose) {
      case 'new':
        // It can be known already only where an earlier answer was lost, and refused only for what others wrote first.
        if (answer?.outcome === 'duplicate') return call.times > 1;
        if (answer?.outcome === 'revision-conflict') return call.offers.some(({ append: one }) => isShared(one));
        return answer?.outcome === 'appended';
      case 'repeat': {
        const last = append.events.at(-1);
        const first = last && this.byId.get(last.id);
        return (
          answer?.outcome === 'duplicate' && answer.position === first?.position && answer.revision === first.revision
        );
      }
      case 'alteration':
        return answer?.outcome === 'content-differs';
    }
  }
}

interface Sum {
  amount: bigint;
  weighings: number;
}

type SumsInText = Readonly<Record<string, { readonly amount: string; readonly weighings: number }>>;

export interface Totals {
  /** By household. */
  readonly microCredits: SumsInText;
  /** By point and material, for example `school metal`. */
  readonly grams: SumsInText;
}

function add(sums: Map<string, Sum>, key: string, amount: bigint): void {
  const sum = sums.get(key) ?? { amount: 0n, weighings: 0 };
  sums.set(key, { amount: sum.amount + amount, weighings: sum.weighings + 1 });
}

function inText(sums: ReadonlyMap<string, Sum>): SumsInText {
  return Object.fromEntries(
    [...sums].map(([key, { amount, weighings }]) => [key, { amount: String(amount), weighings }]),
  );
}

function isPlaced(answer: Answer): answer is Extract<Answer, { readonly position: string }> {
  return 'position' in answer;
}

function isShared({ stream }: Append): boolean {
  return stream.startsWith('container-');
}

function isWeighing(event: NewEvent): event is NewEvent<WasteWeighed> {
  return event.type === 'WasteWeighed';
}
