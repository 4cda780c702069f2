import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

const OUTPUT_CHARS_MAX = 10_000;
const HEAP_MEGABYTES = 128;
/** Between two kills. */
const FAILED_STARTS_MAX = 20;

export interface Program {
  readonly name: string;
  readonly script: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Where what it needs is away, it may end before it is up, with nothing printed; then it is started again. */
  readonly mayFailToStart?: boolean;
}

/** A Node process that is killed and started again, as often as wanted. */
export class KillableProgram {
  /** How often it was killed. */
  kills = 0;
  /** Rejects when it ends by itself and should not. */
  readonly failure: Promise<never>;
  private readonly fail: (reason: Error) => void;
  private child: ChildProcess | undefined;
  private printed = 0;
  /** What it had printed when its present life began. */
  private printedBefore = 0;
  private failedStarts = 0;
  private readonly waiting = new Set<() => void>();

  constructor(private readonly program: Program) {
    let fail: (reason: Error) => void = () => undefined;
    this.failure = new Promise((_, reject) => (fail = reject));
    this.failure.catch(() => undefined);
    this.fail = fail;
  }

  /** Characters that it has printed in all its lives. */
  get progress(): number {
    return this.printed;
  }

  start(): void {
    const { name, script, args = [], env = {}, mayFailToStart = false } = this.program;
    const child = spawn(process.execPath, [`--max-old-space-size=${HEAP_MEGABYTES}`, script, ...args], {
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    this.printedBefore = this.printed;
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-OUTPUT_CHARS_MAX)));
    }
    child.stdout.on('data', (chunk: Buffer) => this.advance(chunk.length));
    child.once('close', (code, signal) => {
      if (this.child !== child) return;
      this.child = undefined;
      if (mayFailToStart && this.printed === this.printedBefore && this.failedStarts < FAILED_STARTS_MAX) {
        this.failedStarts += 1;
        this.start();
      } else this.fail(new Error(`${name} ended with ${code ?? signal}:\n${output}`));
    });
  }

  /** Resolves once it has printed so many characters since its first start. */
  whenProgress(atLeast: number): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (this.printed < atLeast) return;
        this.waiting.delete(look);
        resolve();
      };
      this.waiting.add(look);
      look();
    });
  }

  /** `kill -9`. Resolves when it is gone. */
  async kill(): Promise<void> {
    this.kills += 1;
    this.failedStarts = 0;
    await this.end('SIGKILL');
  }

  /** Asks it to end, once it is up and has printed something. @throws unless it ends in order */
  async finish(): Promise<void> {
    await this.whenProgress(this.printedBefore + 1);
    const ended = await this.end('SIGTERM');
    if (ended !== 0) throw new Error(`${this.program.name} did not end in order but with ${ended}`);
  }

  private async end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals> {
    const child = this.child;
    if (child === undefined) return 0;
    this.child = undefined;
    const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
    child.kill(signal);
    const [code, killedBy] = await closed;
    return code ?? killedBy ?? signal;
  }

  private advance(characters: number): void {
    this.printed += characters;
    for (const look of this.waiting) look();
  }
}
