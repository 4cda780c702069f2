import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { Client } from 'pg';
import { type PostgresAccount, postgresAccount } from './postgres-account.js';
import { findPostgresBinaries, type PostgresBinaries } from './postgres-binaries.js';

const USER = 'mizan';
const DATABASE = 'mizan';
/** The format of the data folder; another one needs an upgrade, not a start. */
const MAJOR_VERSION = '18';
const START_MS_MAX = 60_000;
const STOP_MS_MAX = 30_000;
const OWNER_MS_MAX = 5_000;
const RECOVERY_MS_MAX = 10_000;
const POLL_MS = 20;
const LOG_BYTES_MAX = 10 * 1024 * 1024;

/** Another Mizan works on the same data folder. */
export class DataFolderInUse extends Error {
  constructor(readonly dataDir: string) {
    super(`Another Mizan is running on the data folder ${dataDir}. Stop it, or set MIZAN_DATA to another folder.`);
    this.name = 'DataFolderInUse';
  }
}

interface Access {
  readonly port: number;
  readonly password: string;
}

/**
 * A real PostgreSQL server that belongs to a data folder: made there the first time, started when needed, found again
 * when the process that started it was killed. Its data survives; one Mizan at a time may hold it.
 */
export class EmbeddedPostgres {
  private constructor(
    readonly url: string,
    private readonly cluster: string,
    private readonly owner: Client,
    private readonly onExit: () => void,
  ) {}

  /**
   * Starts the server of a data folder, or takes over the one that an earlier, killed process left running.
   * @throws DataFolderInUse, NoPostgresBinaries, or an Error that says what to do
   */
  static async start({ dataDir }: { readonly dataDir: string }): Promise<EmbeddedPostgres> {
    const binaries = await findPostgresBinaries();
    const home = path.resolve(dataDir, 'postgres');
    const cluster = path.join(home, 'cluster');
    await mkdir(home, { recursive: true });
    const account = await postgresAccount([binaries.postgres, cluster]);

    await createCluster(binaries, account, home, cluster);
    const { url, owner } = await own(binaries, account, { dataDir, home, cluster });
    const pid = await runningServer(cluster);
    // Should this process end without stop() (an uncaught error), the server is asked to end with it.
    const onExit = () => {
      if (pid !== undefined && isAlive(pid)) process.kill(pid, 'SIGINT');
    };
    process.once('exit', onExit);
    return new EmbeddedPostgres(url, cluster, owner, onExit);
  }

  /** The URL of the server of a data folder, where one is running. */
  static async locate({ dataDir }: { readonly dataDir: string }): Promise<string | undefined> {
    const home = path.resolve(dataDir, 'postgres');
    const running = await runningServer(path.join(home, 'cluster'));
    return running === undefined ? undefined : urlOf(await readAccess(home), DATABASE);
  }

  /** Ends the server: its connections are cut, what was committed is safe. */
  async stop(): Promise<void> {
    await this.owner.end().catch(() => undefined);
    const pid = await runningServer(this.cluster);
    if (pid === undefined) {
      process.off('exit', this.onExit);
      return;
    }
    process.kill(pid, 'SIGINT');
    process.off('exit', this.onExit);
    const deadline = Date.now() + STOP_MS_MAX;
    // Its lock file goes before it does: only the process itself tells.
    while (await isServer(pid, this.cluster)) {
      if (Date.now() > deadline) throw new Error(`PostgreSQL (process ${pid}) did not stop within ${STOP_MS_MAX} ms`);
      await pause();
    }
  }
}

/**
 * Finds or starts the server and makes this process its owner. A server that was killed a moment ago may still look
 * alive, or its children may still hold its memory: that passes by itself.
 */
async function own(
  binaries: PostgresBinaries,
  account: PostgresAccount,
  { dataDir, home, cluster }: { readonly dataDir: string; readonly home: string; readonly cluster: string },
): Promise<{ readonly url: string; readonly owner: Client }> {
  const deadline = Date.now() + RECOVERY_MS_MAX;
  for (;;) {
    try {
      if ((await runningServer(cluster)) === undefined) await startServer(binaries, account, home, cluster);
      const url = urlOf(await readAccess(home), DATABASE);
      return { url, owner: await becomeOwner(url, dataDir) };
    } catch (error) {
      if (error instanceof DataFolderInUse || Date.now() > deadline) throw error;
      await pause();
    }
  }
}

/** Runs initdb beside the final place and renames it there, so that a killed first start leaves nothing half made. */
async function createCluster(
  { initdb }: PostgresBinaries,
  account: PostgresAccount,
  home: string,
  cluster: string,
): Promise<void> {
  if (existsSync(cluster)) {
    const version = (await readFile(path.join(cluster, 'PG_VERSION'), 'utf8')).trim();
    if (version !== MAJOR_VERSION) {
      throw new Error(
        `${cluster} was written by PostgreSQL ${version}; this Mizan brings ${MAJOR_VERSION}. ` +
          'Dump it with the old version and restore it with the new one (docs/operating.md).',
      );
    }
    return;
  }
  const aside = `${cluster}.new`;
  const passwordFile = path.join(home, 'password.new');
  const password = randomBytes(24).toString('base64url');
  await rm(aside, { recursive: true, force: true });
  await mkdir(aside, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  await account.own(aside);
  await account.own(passwordFile);
  await run(account, initdb, [
    `--pgdata=${aside}`,
    `--username=${USER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--data-checksums',
  ]);
  await rm(passwordFile);
  await writeAccess(home, { port: 0, password });
  await rename(aside, cluster);
}

async function startServer(
  { postgres }: PostgresBinaries,
  account: PostgresAccount,
  home: string,
  cluster: string,
): Promise<void> {
  const { password } = await readAccess(home);
  const port = await freePort();
  await writeAccess(home, { port, password });
  // A lock file whose process is gone, or is now another program, would keep the server from starting.
  await rm(path.join(cluster, 'postmaster.pid'), { force: true });

  const logFile = path.join(home, 'postgres.log');
  const logSize = await stat(logFile).then(
    ({ size }) => size,
    () => 0,
  );
  if (logSize > LOG_BYTES_MAX) await rename(logFile, `${logFile}.1`);
  const log = await open(logFile, 'a');
  const settings = { listen_addresses: '127.0.0.1', port: String(port), unix_socket_directories: '', jit: 'off' };
  const server = spawnAs(
    account,
    postgres,
    ['-D', cluster, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    // A group of its own: Ctrl-C in the terminal reaches Mizan alone, which then stops the server in order.
    { detached: true, stdio: ['ignore', log.fd, log.fd] },
  );
  server.unref();
  await log.close();
  await waitForServer(server, urlOf({ port, password }, 'postgres'), logFile);
}

async function waitForServer(server: ChildProcess, url: string, logFile: string): Promise<void> {
  let ended: string | undefined;
  server.once('error', (error) => (ended = error.message));
  server.once('exit', (code, signal) => (ended = `it ended with ${code ?? signal ?? 'no code'}`));
  const deadline = Date.now() + START_MS_MAX;
  for (;;) {
    try {
      const client = await connect(url);
      const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
      if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
      await client.end();
      return;
    } catch (error) {
      if (ended === undefined && Date.now() < deadline) {
        await pause();
        continue;
      }
      const tail = (await readFile(logFile, 'utf8')).trimEnd().split('\n').slice(-8).join('\n');
      throw new Error(`PostgreSQL did not start (${ended ?? String(error)}). The end of ${logFile}:\n${tail}`, {
        cause: error,
      });
    }
  }
}

/** Holds a lock that lives as long as this process's connection; a killed process lets go of it by dying. */
async function becomeOwner(url: string, dataDir: string): Promise<Client> {
  const deadline = Date.now() + OWNER_MS_MAX;
  const client = await connect(url);
  // The server going away is noticed by everyone else who uses it; here it must not end the process.
  client.on('error', () => undefined);
  for (;;) {
    const { rows } = await client.query<{ mine: boolean }>(
      `SELECT pg_try_advisory_lock(hashtext('mizan owner')) AS mine`,
    );
    if (rows[0]?.mine === true) return client;
    if (Date.now() > deadline) {
      await client.end();
      throw new DataFolderInUse(dataDir);
    }
    await pause();
  }
}

/** The process id of the server that runs on a cluster, if one does. */
async function runningServer(cluster: string): Promise<number | undefined> {
  const text = await readFile(path.join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  return (await isServer(pid, cluster)) ? pid : undefined;
}

/** Process ids are reused: the command line tells whether a process is the server of this cluster. */
async function isServer(pid: number, cluster: string): Promise<boolean> {
  return pid > 0 && isAlive(pid) && (await commandLine(pid)).includes(cluster);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Empty for a process that has ended. */
async function commandLine(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    const [command, state] = await Promise.all([
      readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
      readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''),
    ]);
    // A zombie has ended; only its parent has not asked yet.
    return state.includes(') Z ') ? '' : command;
  }
  if (process.platform === 'win32') return '';
  return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
}

function spawnAs(
  { prefix, options }: PostgresAccount,
  program: string,
  args: readonly string[],
  more: Parameters<typeof spawn>[2],
): ChildProcess {
  const [command = program, ...rest] = [...prefix, program, ...args];
  // A locale of the machine must not change messages that are looked for, nor the order of strings.
  return spawn(command, rest, { ...more, ...options, env: { ...process.env, LC_ALL: 'C' } });
}

async function run(account: PostgresAccount, program: string, args: readonly string[]): Promise<void> {
  const child = spawnAs(account, program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${path.basename(program)} ended with ${code ?? 'a signal'}:\n${output.trim()}`));
    });
  });
}

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client;
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

function urlOf({ port, password }: Access, database: string): string {
  return `postgres://${USER}:${password}@127.0.0.1:${port}/${database}`;
}

const accessFile = (home: string) => path.join(home, 'access.json');

async function readAccess(home: string): Promise<Access> {
  return JSON.parse(await readFile(accessFile(home), 'utf8')) as Access;
}

async function writeAccess(home: string, access: Access): Promise<void> {
  const aside = `${accessFile(home)}.new`;
  await writeFile(aside, JSON.stringify(access), { mode: 0o600, flush: true });
  await rename(aside, accessFile(home));
}

const pause = () => new Promise((resolve) => setTimeout(resolve, POLL_MS));
