import { spawnSync, type SpawnOptions } from 'node:child_process';
import { chown, readFile, stat } from 'node:fs/promises';
import path from 'node:path';

/** How to start a program of PostgreSQL, which refuses to run as root. */
export interface PostgresAccount {
  /** Put before the program and its arguments. */
  readonly prefix: readonly string[];
  readonly options: Pick<SpawnOptions, 'uid' | 'gid'>;
  /** Hands a folder to the account. */
  readonly own: (folder: string) => Promise<void>;
}

const UNPRIVILEGED = ['postgres', 'nobody'];

/**
 * An ordinary user runs the server itself. Root runs it as the system user `postgres`, or `nobody` where there is none.
 * That user may be unable to enter the folders above ours (`/root`, a temporary folder that is private to root): then
 * the server gets the one capability it lacks, to pass them, and nothing else of root's.
 * @param paths what the account must be able to reach
 */
export async function postgresAccount(paths: readonly string[]): Promise<PostgresAccount> {
  if (process.getuid?.() !== 0) return { prefix: [], options: {}, own: () => Promise.resolve() };

  const { uid, gid } = await unprivilegedUser();
  const own = (folder: string) => chown(folder, uid, gid);
  if (await everyoneMayReach(paths)) return { prefix: [], options: { uid, gid }, own };

  const prefix = [
    'setpriv',
    // Without this bit access(2) judges by the real user alone, and initdb asks access(2) whether it may run postgres.
    '--securebits=+no_setuid_fixup',
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
  ];
  if (spawnSync('setpriv', [...prefix.slice(1), 'true'], { stdio: 'ignore' }).status !== 0) {
    throw new Error(
      'PostgreSQL refuses to run as root, and the user it would run as may not enter ' +
        `${paths.map((one) => `"${one}"`).join(' or ')}. Run Mizan as an ordinary user, move it to a folder that ` +
        'every user may enter, or set DATABASE_URL to a PostgreSQL of your own.',
    );
  }
  return { prefix, options: {}, own };
}

async function unprivilegedUser(): Promise<{ uid: number; gid: number }> {
  const passwd = await readFile('/etc/passwd', 'utf8');
  const users = new Map(passwd.split('\n').map((line) => [line.split(':')[0], line.split(':')]));
  for (const name of UNPRIVILEGED) {
    const [, , uid, gid] = users.get(name) ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error(`PostgreSQL refuses to run as root, and there is no system user ${UNPRIVILEGED.join(' or ')}`);
}

/** Whether every user may pass each folder on the way to each path. */
async function everyoneMayReach(paths: readonly string[]): Promise<boolean> {
  for (const one of paths) {
    for (let folder = path.dirname(path.resolve(one)); ; folder = path.dirname(folder)) {
      if (((await stat(folder)).mode & 0o001) === 0) return false;
      if (folder === path.dirname(folder)) break;
    }
  }
  return true;
}
