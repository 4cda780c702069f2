import { appendFileSync, existsSync, readFileSync, truncateSync } from 'node:fs';
import { type Append, type AppendResult, type Position } from '#event-store';

/**
 * What an append is for: something that nobody has said before, the very same again, or something else under a known
 * event id.
 */
export type Purpose = 'new' | 'repeat' | 'alteration';

export interface Offer {
  readonly purpose: Purpose;
  readonly append: Append;
}

/** Appends that are handed to the store in one call. */
export interface Call {
  readonly number: number;
  readonly method: 'append' | 'appendBatch' | 'appendAtomically';
  readonly offers: readonly Offer[];
}

/** What the store said about an append: where its last event is, or which conflict it met. */
export type Answer =
  | { readonly outcome: 'appended' | 'duplicate'; readonly position: Position; readonly revision: number }
  | { readonly outcome: 'revision-conflict' | 'content-differs' };

export function answerOf(result: AppendResult): Answer {
  return result.outcome === 'conflict' ? { outcome: result.error.code } : result;
}

/** A call, and all that is known of what became of it. */
export interface JournalledCall extends Call {
  /** How often it was made: again after each kill and each lost answer. */
  readonly times: number;
  /** One for each offer; absent as long as the store has not said. */
  readonly answers?: readonly Answer[];
}

type Line =
  | { readonly kind: 'calls'; readonly call: Call }
  | { readonly kind: 'calls-again'; readonly number: number }
  | { readonly kind: 'answered'; readonly number: number; readonly answers: readonly Answer[] };

/**
 * The memory of a writer, as a scale has one: what it is about to append is in it before the call is made, so that after
 * a kill it makes the same call, with the same event ids, again. What was written outlives the process, not the machine.
 */
export class WriterJournal {
  private nextNumber = 0;

  private constructor(
    private readonly file: string,
    private readonly known: Map<number, JournalledCall>,
  ) {}

  /** Reads what is there, if anything, and leaves out a last line that a kill cut off. */
  static open(file: string): WriterJournal {
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    if (whole.length < text.length) truncateSync(file, Buffer.byteLength(whole));
    const journal = new WriterJournal(file, new Map());
    for (const line of whole.split('\n').slice(0, -1)) journal.take(JSON.parse(line) as Line);
    return journal;
  }

  /** All calls, in the order in which they were first made. */
  get calls(): readonly JournalledCall[] {
    return [...this.known.values()];
  }

  /** For a call that is being thought of; a kill may come before it is noted, and leave a number out. */
  takeNumber(): number {
    return this.nextNumber++;
  }

  noteCall(call: Call): void {
    this.note({ kind: 'calls', call });
  }

  noteCallAgain(number: number): void {
    this.note({ kind: 'calls-again', number });
  }

  noteAnswers(number: number, answers: readonly Answer[]): void {
    this.note({ kind: 'answered', number, answers });
  }

  private note(line: Line): void {
    appendFileSync(this.file, `${JSON.stringify(line)}\n`);
    this.take(line);
  }

  private take(line: Line): void {
    if (line.kind === 'calls') {
      this.known.set(line.call.number, { ...line.call, times: 1 });
      this.nextNumber = Math.max(this.nextNumber, line.call.number + 1);
      return;
    }
    const call = this.known.get(line.number);
    if (call === undefined) throw new Error(`The journal ${this.file} does not say what call ${line.number} was`);
    const news = line.kind === 'answered' ? { answers: line.answers } : { times: call.times + 1 };
    this.known.set(line.number, { ...call, ...news });
  }
}
