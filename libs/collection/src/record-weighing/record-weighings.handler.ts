import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { APPENDS_PER_BATCH_MAX, EventRegistry, EventStore, type Append, type AppendResult } from '#event-store';
import { type ReceiptResultV1 } from '#protocol';
import { quarantining, type QuarantineCase } from '../quarantine/report-quarantine.js';
import { BatchFacts } from './batch-facts.js';
import { EvidenceStore } from './evidence-store.js';
import { type BelievedMessage, type ReadMessage } from './heard-message.js';
import { RecordWeighingsCommand, type MessageAnswer } from './record-weighings.command.js';
import { entriesOf, refusalOf, type Entry } from './report-entries.js';
import { ScaleSequenceLedger } from './scale-sequence-ledger.js';
import { Steward } from './steward.js';

interface Dossier {
  readonly message: ReadMessage;
  readonly entries: readonly Entry[];
}

/**
 * Gathers what the decisions of a batch need, decides in memory, appends everything at once, and only then says what a
 * scale may forget. The order is that of a promise: bytes, events, sequence, answer. Whatever fails in between leaves
 * the scale without an answer, and the repeat finds what is there already.
 */
@CommandHandler(RecordWeighingsCommand)
export class RecordWeighingsHandler implements ICommandHandler<RecordWeighingsCommand> {
  constructor(
    private readonly store: EventStore,
    private readonly registry: EventRegistry,
    private readonly facts: BatchFacts,
    private readonly evidence: EvidenceStore,
    private readonly sequences: ScaleSequenceLedger,
    private readonly steward: Steward,
  ) {}

  async execute({ messages }: RecordWeighingsCommand): Promise<readonly MessageAnswer[]> {
    const stewardId = messages.some((message) => !message.scale) ? await this.steward.municipalityId() : '';
    const [facts] = await Promise.all([
      this.facts.of(messages.filter((message) => message.kind === 'believed')),
      this.evidence.keep(
        messages.map(({ heard, scale }) => ({ heard, municipalityId: scale?.municipalityId ?? stewardId })),
      ),
    ]);
    const dossiers = messages.map((message) => ({ message, entries: this.entriesOf(message, facts, stewardId) }));
    const results = await this.append(dossiers.flatMap(({ entries }) => entries));
    const acked = await this.sequences.add(storedSeqs(dossiers));
    return dossiers.map(({ message, entries }) => answerTo(message, entries, results, acked));
  }

  private entriesOf(message: ReadMessage, facts: Parameters<typeof entriesOf>[1], stewardId: string): readonly Entry[] {
    switch (message.kind) {
      case 'believed':
        return entriesOf(message, facts, this.registry);
      case 'refused':
        return [{ kind: 'quarantine', quarantine: refusalOf(message, message.scale?.municipalityId ?? stewardId) }];
      case 'kept':
        return [];
    }
  }

  private async append(entries: readonly Entry[]): Promise<ReadonlyMap<Entry, ReceiptResultV1>> {
    const appended = await this.appendAll(
      entries.map((entry) =>
        entry.kind === 'weighing' ? entry.append : quarantining(entry.quarantine, this.registry),
      ),
    );
    const results = new Map<Entry, ReceiptResultV1>();
    const contradicted: Extract<Entry, { kind: 'weighing' }>[] = [];
    entries.forEach((entry, at) => {
      const outcome = appended[at]?.outcome;
      if (entry.kind === 'quarantine') results.set(entry, quarantinedResult(entry.quarantine, outcome));
      else if (outcome === 'appended') results.set(entry, entry.result);
      else if (outcome === 'duplicate') results.set(entry, duplicateResult(entry.result));
      else contradicted.push(entry);
    });

    const quarantined = await this.appendAll(
      contradicted.map(({ contradiction }) => quarantining(contradiction, this.registry)),
    );
    contradicted.forEach((entry, at) =>
      results.set(entry, quarantinedResult(entry.contradiction, quarantined[at]?.outcome)),
    );
    return results;
  }

  private async appendAll(appends: readonly Append[]): Promise<readonly AppendResult[]> {
    const results: AppendResult[] = [];
    for (let from = 0; from < appends.length; from += APPENDS_PER_BATCH_MAX) {
      results.push(...(await this.store.appendBatch(appends.slice(from, from + APPENDS_PER_BATCH_MAX))));
    }
    return results;
  }
}

/** Recorded before with the same content, so it weighed the same; what speaks against it was said then. */
function duplicateResult({ seq, weighingId, netGrams }: ReceiptResultV1): ReceiptResultV1 {
  return { seq, weighingId, outcome: 'duplicate', netGrams };
}

function quarantinedResult(
  { seq, weighingId, reasons }: QuarantineCase,
  outcome: AppendResult['outcome'] | undefined,
): ReceiptResultV1 {
  // The case's id says everything about it, so that it can only be new or the same one.
  if (outcome !== 'appended' && outcome !== 'duplicate') throw new Error('A quarantined report was not recorded');
  return { seq, weighingId, outcome: 'quarantined', reasons: [...reasons] };
}

/** Every report of a message that is believed is durable now, recorded or quarantined; those with a number count. */
function storedSeqs(dossiers: readonly Dossier[]) {
  const stored = new Map<string, { readonly scale: BelievedMessage['scale']; readonly seqs: number[] }>();
  for (const { message, entries } of dossiers) {
    if (message.kind !== 'believed') continue;
    const { scale } = message;
    const ofScale = stored.get(scale.scaleId) ?? { scale, seqs: [] };
    for (const entry of entries) {
      const { seq } = entry.kind === 'weighing' ? entry.contradiction : entry.quarantine;
      if (seq !== null) ofScale.seqs.push(seq);
    }
    if (ofScale.seqs.length > 0) stored.set(scale.scaleId, ofScale);
  }
  return [...stored.values()];
}

function answerTo(
  message: ReadMessage,
  entries: readonly Entry[],
  results: ReadonlyMap<Entry, ReceiptResultV1>,
  acked: ReadonlyMap<string, number | null>,
): MessageAnswer {
  if (message.kind !== 'believed') {
    return { ackedSeq: null, results: [], reasons: message.kind === 'refused' ? message.reasons : [] };
  }
  return {
    ackedSeq: acked.get(message.scale.scaleId) ?? null,
    results: entries.flatMap((entry) => results.get(entry) ?? []),
    reasons: [],
  };
}
