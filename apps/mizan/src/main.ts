import 'reflect-metadata';
import { START_FAILURES } from '#platform';
import { Mizan } from './mizan.js';

/** After a first Ctrl-C everything is stopped in order; a second one no longer waits for that. */
const EXIT_CODE_AFTER_SIGNAL = 130;
const SHUTDOWN_MS_MAX = 30_000;
/** One Ctrl-C arrives twice under `npm start`: from the terminal, and from npm, which passes it on. */
const ECHO_MS_MAX = 1_000;

const starting = Mizan.start(process.env, (line) => console.log(line));

let stoppingSinceMs: number | undefined;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stoppingSinceMs !== undefined) {
      if (performance.now() > stoppingSinceMs + ECHO_MS_MAX) process.exit(EXIT_CODE_AFTER_SIGNAL);
      return;
    }
    stoppingSinceMs = performance.now();
    console.log('\nStopping …');
    setTimeout(() => process.exit(1), SHUTDOWN_MS_MAX).unref();
    void starting
      .then((mizan) => mizan.stop())
      .then(
        () => process.exit(0),
        (error: unknown) => fail(error),
      );
  });
}

starting.catch(fail);

/** What an operator can repair is said in one sentence; anything else keeps its stack. */
function fail(error: unknown): never {
  const expected = ['PortTaken', 'DataFolderInUse', 'NoPostgresBinaries', ...START_FAILURES];
  const text = error instanceof Error ? (expected.includes(error.name) ? error.message : error.stack) : String(error);
  console.error(`\nMizan could not ${stoppingSinceMs === undefined ? 'start' : 'stop in order'}.\n${text ?? ''}`);
  process.exit(1);
}
