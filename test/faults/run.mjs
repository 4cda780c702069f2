import { spawn } from 'node:child_process';
import path from 'node:path';

/**
 * `npm run test:faults [-- SECONDS]`: the long form of event-log.faults.spec.ts, two minutes by default. FAULTS_SEED=…
 * draws the moments of an earlier run again. It says every ten seconds how far it is.
 */
const root = path.resolve(import.meta.dirname, '../..');
const seconds = process.argv[2] ?? '120';
if (!/^[1-9]\d*$/.test(seconds)) throw new Error(`${seconds} is not a number of seconds`);

console.log(
  `Writers, projector and PostgreSQL are killed for ${seconds} s; starting and checking takes about 30 s more.`,
);
const jest = spawn(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    path.join(root, 'node_modules/jest/bin/jest.js'),
    '--config',
    'test/jest.config.js',
    'test/faults/event-log.faults.spec.ts',
  ],
  { cwd: root, stdio: 'inherit', env: { ...process.env, FAULTS_SECONDS: seconds } },
);
jest.once('close', (code) => process.exit(code ?? 1));
