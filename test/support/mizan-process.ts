import { type ChildProcess, spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { eventually } from './eventually.js';

const READY_MS_MAX = 60_000;
const STOP_MS_MAX = 30_000;
const OUTPUT_CHARS_MAX = 20_000;

export interface MizanPorts {
  readonly http: number;
  readonly mqtt: number;
}

/** The whole of Mizan, started in a process of its own as a user starts it. */
export interface MizanProcess {
  readonly url: string;
  readonly mqttUrl: string;
  readonly ports: MizanPorts;
  readonly pid: number;
  /** Everything it printed so far. */
  readonly output: () => string;
  /** `kill -9` of Node and of every process of its PostgreSQL, at once. */
  readonly killTree: () => Promise<void>;
  /** What Ctrl-C does. */
  readonly stop: () => Promise<void>;
}

export interface MizanOptions {
  readonly dataDir: string;
  /** Free ones by default; those of a process that was killed, to take its place. */
  readonly ports?: MizanPorts;
  readonly env?: Readonly<Record<string, string>>;
}

/** Resolves when /health/ready says so; needs the built application, which `npm test` builds. */
export async function startMizan({ dataDir, ports, env = {} }: MizanOptions): Promise<MizanProcess> {
  const { http, mqtt } = ports ?? { http: await freePort(), mqtt: await freePort() };
  const child = spawn(process.execPath, ['--enable-source-maps', 'dist/apps/mizan/src/main.js'], {
    cwd: path.resolve(import.meta.dirname, '../..'),
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      PORT: String(http),
      MQTT_PORT: String(mqtt),
      MIZAN_DATA: dataDir,
      MIZAN_DEMO: '1',
      MIZAN_SIMULATED_SCALES: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('Mizan could not be started');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-OUTPUT_CHARS_MAX)));
  }
  const url = `http://127.0.0.1:${http}`;
  await eventually(async () => {
    if (child.exitCode !== null) throw new Error(`Mizan ended with ${child.exitCode}:\n${output}`);
    const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
    if (answer?.ok !== true) throw new Error(`Mizan is not ready:\n${output}`);
  }, READY_MS_MAX);

  return {
    url,
    mqttUrl: `mqtt://127.0.0.1:${mqtt}`,
    ports: { http, mqtt },
    pid,
    output: () => output,
    killTree: async () => {
      for (const one of [pid, ...(await postgresOf(dataDir))]) kill(one, 'SIGKILL');
      await ended(child);
    },
    stop: async () => {
      kill(pid, 'SIGINT');
      await ended(child);
    },
  };
}

/** The processes of the PostgreSQL that belongs to a data folder: the server and its children. */
export async function postgresOf(dataDir: string): Promise<readonly number[]> {
  const lockFile = path.join(dataDir, 'postgres/cluster/postmaster.pid');
  const server = Number.parseInt(await readFile(lockFile, 'utf8').catch(() => ''), 10);
  if (!Number.isInteger(server)) return [];
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const parents = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
      return { pid, parent: Number(/\) \S (\d+) /.exec(stat)?.[1]) };
    }),
  );
  const alive = parents.some(({ pid }) => pid === server);
  return alive ? [server, ...parents.filter(({ parent }) => parent === server).map(({ pid }) => pid)] : [];
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function ended(child: ChildProcess): Promise<void> {
  await eventually(() => {
    if (child.exitCode === null && child.signalCode === null)
      throw new Error(`Process ${child.pid ?? 0} is still running`);
  }, STOP_MS_MAX);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('The system gave no port'));
      });
    });
  });
}
