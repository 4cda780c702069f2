import 'reflect-metadata';
import { CONTEXTS } from '#composition';
import { runCli } from './cli.js';
import { COMMANDS } from './commands.js';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

// Whoever reads the output may have read enough (`| head`); the command is carried out all the same.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

process.exitCode = await runCli(process.argv.slice(2), COMMANDS, {
  env: process.env,
  contexts: CONTEXTS,
  print: (line) => void process.stdout.write(`${line}\n`),
  tell: (line) => void process.stderr.write(`${line}\n`),
  signal: stop.signal,
});
