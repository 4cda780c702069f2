import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { EmbeddedPostgres } from '#platform';
import { benchEventLog } from './event-log.bench.js';
import { type Figure, lineOf } from './figure.js';
import { benchIngest } from './ingest.bench.js';
import { benchLogSize } from './log-size.bench.js';
import { benchProjection } from './projection.bench.js';

const BENCHES = { 'event-log': benchEventLog, projection: benchProjection, ingest: benchIngest };
/** They take gigabytes and many minutes: only who names them runs them. */
const LONG_BENCHES = { 'log-size': benchLogSize };

/** Runs the benchmarks named on the command line (all but the long ones without a name), each on a database of its own. */
async function main(names: readonly string[]): Promise<void> {
  const chosen = Object.entries(names.length === 0 ? BENCHES : { ...BENCHES, ...LONG_BENCHES }).filter(
    ([name]) => names.length === 0 || names.includes(name),
  );
  const dataDir = await mkdtemp(path.join(tmpdir(), 'mizan-bench-'));
  const server = await EmbeddedPostgres.start({ dataDir });
  const figures: Figure[] = [];
  try {
    console.log(
      `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, PostgreSQL 18, fsync on\n`,
    );
    for (const [name, bench] of chosen) {
      for (const figure of await bench(await freshDatabase(server.url, name))) {
        figures.push(figure);
        console.log(lineOf(figure));
      }
    }
  } finally {
    await server.stop();
    await rm(dataDir, { recursive: true });
  }
  const file = process.env['BENCH_JSON'];
  if (file !== undefined) await writeFile(file, JSON.stringify(figures, null, 2));
}

async function freshDatabase(serverUrl: string, name: string): Promise<string> {
  const database = `bench_${name.replaceAll('-', '_')}`;
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  await client.query(`CREATE DATABASE ${database}`);
  await client.end();
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

await main(process.argv.slice(2));
