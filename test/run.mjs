import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { prepare } from '../apps/mizan/prepare.mjs';

/**
 * `npm test`: installs and builds what is missing, then checks style, types and boundaries, then runs every test.
 * Arguments go to Jest: `npm test -- libs/rewards` runs those tests alone, and no checks.
 */
const root = path.resolve(import.meta.dirname, '..');
const results = path.join(root, 'dist/test-results.json');
const bin = (file) => path.join(root, 'node_modules', file);
const only = process.argv.slice(2);

const CHECKS = [
  ['Format', bin('prettier/bin/prettier.cjs'), ['--check', '--log-level=warn', '.']],
  [
    'Lint',
    bin('eslint/bin/eslint.js'),
    ['--config', 'test/checks/eslint.config.js', '--max-warnings', '0', 'apps', 'libs', 'devices', 'test'],
  ],
  ['Types', bin('typescript/bin/tsc'), ['--noEmit', '-p', 'tsconfig.json']],
  ['Types of the pages', bin('typescript/bin/tsc'), ['--noEmit', '-p', 'apps/web/tsconfig.json']],
  [
    'Boundaries',
    bin('dependency-cruiser/bin/dependency-cruise.mjs'),
    ['--config', 'test/checks/dependency-cruiser.cjs', 'apps', 'libs', 'devices', 'test'],
  ],
];

await prepare();
let failed = 0;
if (only.length === 0) {
  for (const [name, script, args] of CHECKS) {
    const started = Date.now();
    const code = await node([script, ...args]);
    if (code !== 0) failed += 1;
    console.log(`${code === 0 ? 'PASS' : 'FAIL'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  }
}
await rm(results, { force: true });
await node([
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  bin('jest/bin/jest.js'),
  '--config',
  'test/jest.config.js',
  '--json',
  `--outputFile=${results}`,
  ...only,
]);
const summary = JSON.parse(await readFile(results, 'utf8').catch(() => '{}'));
const checks = only.length === 0 ? CHECKS.length : 0;
// A suite that could not even be loaded has no tests to count as failed.
failed += (summary.numFailedTests ?? 0) + (summary.numRuntimeErrorTestSuites ?? 0);
const passed = (summary.numPassedTests ?? 0) + checks - Math.min(checks, failed);
const skipped = summary.numPendingTests ?? 0;
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(summary.success === true && failed === 0 ? 0 : 1);

function node(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}
