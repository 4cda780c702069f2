import { type Append, type EventStore, PostgresEventStore, StoreUnavailable } from '#event-store';
import { type Answer, answerOf, type Call, type JournalledCall, WriterJournal } from './writer-journal.js';
import { type View, WriterTraffic } from './writer-traffic.js';

/** What the program is told on its command line, as JSON. */
export interface WriterTask {
  readonly databaseUrl: string;
  readonly writer: string;
  readonly seed: string;
  /** Where its journal is, or is to be. */
  readonly journalFile: string;
  /** Everybody speaks at the same moments, which are so far apart: much contention for little work. */
  readonly roundMs: number;
}

/** Calls under way at the same time, so that a kill always comes in the middle of some. */
const LANES = 3;
/** Acknowledged appends that may be said again. */
const ACCEPTED_MAX = 200;
const RETRY_MS = 50;
/**
 * Appends to the log for as long as it lives, and prints a dot as it makes a call. It may be killed at any time; started again, it first makes the calls again to which it has no answer. SIGTERM ends it in order.
 */
class LogWriter {
  private readonly journal: WriterJournal;
  private readonly traffic: WriterTraffic;
  private readonly accepted: Append[] = [];
  private position = 0;
  private isOver = false;

  constructor(
    private readonly store: EventStore,
    private readonly task: WriterTask,
  ) {
    const { writer, seed, journalFile } = task;
    this.journal = WriterJournal.open(journalFile);
    const { calls } = this.journal;
    for (const call of calls) this.learn(call, call.answers ?? []);
    this.traffic = new WriterTraffic(writer, [seed, writer, calls.length]);
  }

  async run(): Promise<void> {
    const unanswered = this.journal.calls.filter(({ answers }) => answers === undefined);
    await Promise.all(unanswered.map((call) => this.sayAgain(call)));
    await Promise.all(Array.from({ length: LANES }, () => this.lane()));
  }

  finish(): void {
    this.isOver = true;
  }

  private async lane(): Promise<void> {
    while (!this.isOver) {
      const call = await this.traffic.next(this.journal.takeNumber(), this.view());
      this.journal.noteCall(call);
      await this.make(call);
      await pause(this.task.roundMs - (Date.now() % this.task.roundMs));
    }
  }

  private async sayAgain(call: JournalledCall): Promise<void> {
    this.journal.noteCallAgain(call.number);
    await this.make(call);
  }

  private async make(call: Call): Promise<void> {
    process.stdout.write('.');
    const answers = await patiently(
      () => answersOf(this.store, call),
      () => this.journal.noteCallAgain(call.number),
    );
    this.journal.noteAnswers(call.number, answers);
    this.learn(call, answers);
  }

  private learn({ offers }: Call, answers: readonly Answer[]): void {
    answers.forEach((answer, place) => {
      const offer = offers[place];
      if (!('position' in answer) || offer?.purpose !== 'new') return;
      this.position = Math.max(this.position, Number(answer.position));
      this.accepted.push(offer.append);
      if (this.accepted.length > ACCEPTED_MAX) this.accepted.shift();
    });
  }

  private view(): View {
    return {
      position: this.position,
      accepted: this.accepted,
      lastRevision: async (stream) => {
        const [last] = await patiently(() => this.store.readStream(stream, { direction: 'backwards', max: 1 }));
        return last?.revision;
      },
    };
  }
}

/** Tries again until the store can be reached: whatever the outcome was, the same call may be made again. */
async function patiently<T>(work: () => Promise<T>, beforeAgain: () => void = () => undefined): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      await pause(RETRY_MS);
      beforeAgain();
    }
  }
}

function pause(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}

async function answersOf(store: EventStore, { method, offers }: Call): Promise<readonly Answer[]> {
  const appends = offers.map(({ append }) => append);
  switch (method) {
    case 'append':
      return Promise.all(appends.map(async (append) => answerOf(await store.append(append))));
    case 'appendBatch':
      return (await store.appendBatch(appends)).map(answerOf);
    case 'appendAtomically': {
      const result = await store.appendAtomically(appends);
      if (result.outcome === 'conflict') return appends.map(() => ({ outcome: result.error.code }));
      return result.appends.map((at) => ({ outcome: result.outcome, ...at }));
    }
  }
}

const task = JSON.parse(process.argv[2] ?? '') as WriterTask;
const store = await patiently(() => PostgresEventStore.open(task.databaseUrl, { poolSize: 1 }));
const writer = new LogWriter(store, task);
process.on('SIGTERM', () => writer.finish());
await writer.run();
await store.close();
