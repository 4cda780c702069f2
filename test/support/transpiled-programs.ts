import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Options, transformFile } from '@swc/core';

const root = path.resolve(import.meta.dirname, '../..');

/** What programs of tests are made of. The pages are no program. */
const SOURCES = ['apps', 'devices', 'libs', 'test/faults'];
const LEFT_OUT = new Set(['web', 'node_modules']);

/** As the tests themselves are transpiled. */
const SWC: Options = {
  swcrc: false,
  jsc: {
    target: 'es2023',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    keepClassNames: true,
  },
  module: { type: 'es6' },
};

/** The sources as they are now, as JavaScript that plain Node runs in a process of its own. */
export interface TranspiledPrograms {
  /** @param source from the project's root, for example `apps/projector/src/main.ts` @returns what to give to Node */
  readonly program: (source: string) => string;
  readonly remove: () => Promise<void>;
}

/** Transpiles every source once, in about a second: no child has to, and no build can be older than what is tested. */
export async function transpilePrograms(): Promise<TranspiledPrograms> {
  // Below the project, where Node finds the packages.
  const target = path.join(root, 'dist/.test', `programs-${process.pid}`);
  const sources = (await Promise.all(SOURCES.map(sourcesIn))).flat();
  await Promise.all(sources.map((source) => transpile(source, target)));
  await writeFile(path.join(target, 'package.json'), JSON.stringify(await packageOf()));
  return {
    program: (source) => path.join(target, scriptOf(source)),
    remove: () => rm(target, { recursive: true }),
  };
}

async function sourcesIn(folder: string): Promise<readonly string[]> {
  const sources: string[] = [];
  for (const entry of await readdir(path.join(root, folder), { withFileTypes: true })) {
    const relative = path.join(folder, entry.name);
    if (entry.isFile() && /(?<!\.spec|\.d)\.ts$/.test(entry.name)) sources.push(relative);
    if (entry.isDirectory() && !LEFT_OUT.has(entry.name)) sources.push(...(await sourcesIn(relative)));
  }
  return sources;
}

async function transpile(source: string, target: string): Promise<void> {
  const file = path.join(target, scriptOf(source));
  const { code } = await transformFile(path.join(root, source), SWC);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, code);
}

/** `#event-store` and the like, led to the sources instead of the build. */
async function packageOf(): Promise<object> {
  const { imports } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as {
    readonly imports: Readonly<Record<string, { readonly source: string }>>;
  };
  const led = Object.entries(imports).map(([name, { source }]) => [name, scriptOf(source)]);
  return { type: 'module', imports: Object.fromEntries(led) as Readonly<Record<string, string>> };
}

const scriptOf = (source: string) => source.replace(/\.ts$/, '.js');
