import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const PROJECT = path.resolve(import.meta.dirname, '../..');
/** Compressed script that may be fetched before a first screen is usable. */
const FIRST_SCREEN_BYTES_MAX = 200_000;

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly dynamicImports?: readonly string[];
}

describe('the web application as it is built', () => {
  let folder: string;
  let manifest: Readonly<Record<string, Chunk>>;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'mizan web '));
    const vite = [
      'node_modules/vite/bin/vite.js',
      'build',
      '--config',
      'apps/web/vite.config.ts',
      '--logLevel',
      'error',
    ];
    await promisify(execFile)(process.execPath, [...vite, '--outDir', folder, '--emptyOutDir'], {
      cwd: PROJECT,
      // The test runner's own mode would build React's development version.
      env: { ...process.env, NODE_ENV: 'production' },
    });
    manifest = JSON.parse(await readFile(path.join(folder, '.vite/manifest.json'), 'utf8')) as typeof manifest;
  });

  afterAll(() => rm(folder, { recursive: true }));

  const chunk = (name: string): Chunk => {
    const found = manifest[name];
    if (found === undefined) throw new Error(`No chunk ${name} among ${Object.keys(manifest).join(', ')}`);
    return found;
  };

  /** A chunk and all that it needs before it runs. */
  const needed = (name: string, seen = new Set<string>()): ReadonlySet<string> => {
    if (!seen.has(name)) {
      seen.add(name);
      for (const other of chunk(name).imports ?? []) needed(other, seen);
    }
    return seen;
  };

  const bytesOf = async (names: Iterable<string>): Promise<number> => {
    const files = [...new Set([...names].map((name) => chunk(name).file))];
    const sizes = await Promise.all(
      files.map(async (file) => gzipSync(await readFile(path.join(folder, file))).length),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  };

  it.each([
    ['household', 'ar'],
    ['household', 'en'],
    ['point', 'ar'],
    ['point', 'en'],
  ])('needs at most 200 kB of compressed script before the first screen of the %s (%s)', async (audience, language) => {
    const start = ['index.html', `src/${audience}/index.ts`, `src/messages/${language}.json`];
    expect(await bytesOf(start.flatMap((name) => [...needed(name)]))).toBeLessThanOrEqual(FIRST_SCREEN_BYTES_MAX);
  });

  it('has one chunk for each audience, and nobody loads the pages of another', () => {
    const audiences = ['household', 'point', 'municipality', 'recycler', 'public'].map(
      (name) => `src/${name}/index.ts`,
    );
    const files = audiences.map((name) => chunk(name).file);
    expect(new Set(files).size).toBe(audiences.length);
    for (const name of ['index.html', ...audiences]) {
      expect([...needed(name)].filter((other) => other !== name && audiences.includes(other))).toEqual([]);
    }
  });

  it('fetches charts only where one is shown', () => {
    const chart = 'src/shell/chart/growth-chart.tsx';
    expect(manifest).toHaveProperty([chart]);
    for (const name of ['index.html', 'src/household/index.ts', 'src/recycler/index.ts']) {
      expect([...needed(name)]).not.toContain(chart);
    }
  });
});
