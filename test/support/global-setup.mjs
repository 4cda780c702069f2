import { mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { transformFile } from '@swc/core';

const root = path.resolve(import.meta.dirname, '../..');

/**
 * One real PostgreSQL for the whole run, the very one that `npm start` uses; each test makes a database of its own on
 * it. Jest loads this file with Node's own loader, which knows no TypeScript, hence the few lines that transpile.
 */
export default async function globalSetup() {
  const { EmbeddedPostgres } = await import(
    await transpiled('libs/platform/src/embedded-postgres', 'embedded-postgres')
  );
  const dataDir = await mkdtemp(path.join(tmpdir(), 'mizan-test-'));
  globalThis.mizanTest = { dataDir, postgres: await EmbeddedPostgres.start({ dataDir }) };
  process.env.MIZAN_TEST_POSTGRES_URL = globalThis.mizanTest.postgres.url;
}

async function transpiled(folder, entry) {
  const target = path.join(root, 'dist/.test', folder);
  await mkdir(target, { recursive: true });
  for (const file of await readdir(path.join(root, folder))) {
    if (!file.endsWith('.ts') || file.endsWith('.spec.ts')) continue;
    const { code } = await transformFile(path.join(root, folder, file), {
      swcrc: false,
      jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
      module: { type: 'es6' },
    });
    await writeFile(path.join(target, file.replace(/\.ts$/, '.js')), code);
  }
  return pathToFileURL(path.join(target, `${entry}.js`)).href;
}
