import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { prepare } from '../../apps/mizan/prepare.mjs';

/** `npm run bench`: compiles the benchmarks beside the application and runs them on an embedded PostgreSQL. */
const root = path.resolve(import.meta.dirname, '../..');
await prepare();
const { status } = spawnSync(
  process.execPath,
  [path.join(root, 'node_modules/typescript/bin/tsc'), '-p', path.join(root, 'test/load/tsconfig.json')],
  { cwd: root, stdio: 'inherit' },
);
if (status !== 0) process.exit(1);
await import('../../dist/test/load/bench.js');
