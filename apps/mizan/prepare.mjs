import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Installs what is missing and builds what is stale, with nothing but Node: it runs before any dependency is there.
 * Each step leaves the hash of what it was made from, written last, so that a step that was killed is done again.
 */

const root = path.resolve(import.meta.dirname, '../..');
const NODE_MIN = [20, 19];

const BACKEND = ['apps/mizan', 'apps/cli', 'libs', 'devices', 'nest-cli.json', 'package.json', 'tsconfig.json'];
const WEB = ['apps/web', 'libs/api-client', 'package-lock.json', 'tsconfig.json'];

export async function prepare() {
  requireNode();
  await step('Installing packages', 'node_modules/.mizan-installed', ['package.json', 'package-lock.json'], () =>
    run(process.platform === 'win32' ? 'npm.cmd' : 'npm', [
      'ci',
      '--include=dev',
      '--no-fund',
      '--no-audit',
      '--loglevel=error',
    ]),
  );
  await step('Building the backend', 'dist/.built-backend', BACKEND, async () => {
    for (const folder of ['apps', 'libs', 'devices'])
      rmSync(path.join(root, 'dist', folder), { recursive: true, force: true });
    await run(process.execPath, ['node_modules/@nestjs/cli/bin/nest.js', 'build', 'mizan']);
    await run(process.execPath, ['node_modules/@nestjs/cli/bin/nest.js', 'build', 'cli']);
  });
  await step('Building the pages', 'dist/.built-web', WEB, () =>
    run(process.execPath, [
      'node_modules/vite/bin/vite.js',
      'build',
      '--config',
      'apps/web/vite.config.ts',
      '--logLevel=warn',
    ]),
  );
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1])) return;
  throw new Error(`Mizan needs Node ${NODE_MIN.join('.')} or newer; this is ${process.versions.node}.`);
}

async function step(title, stamp, sources, work) {
  const stampFile = path.join(root, stamp);
  const hash = hashOf(sources);
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === hash) return;
  const started = Date.now();
  const stop = showProgress(title, started);
  try {
    await work();
  } finally {
    stop();
  }
  mkdirSync(path.dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, hash);
  console.log(`${title}: done in ${seconds(started)}`);
}

function hashOf(sources) {
  const hash = createHash('sha256').update(process.versions.modules);
  for (const source of sources)
    for (const file of filesOf(source))
      hash
        .update(file)
        .update('\0')
        .update(readFileSync(path.join(root, file)));
  return hash.digest('hex');
}

function filesOf(relative) {
  const absolute = path.join(root, relative);
  if (!existsSync(absolute)) return [];
  try {
    return readdirSync(absolute, { withFileTypes: true })
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((entry) =>
        entry.name === 'node_modules' || entry.name.endsWith('.spec.ts')
          ? []
          : filesOf(path.join(relative, entry.name)),
      );
  } catch (error) {
    if (error.code === 'ENOTDIR') return [relative];
    throw error;
  }
}

/** On a terminal a line that counts the seconds; elsewhere one line at the start, so that a log stays readable. */
function showProgress(title, started) {
  if (!process.stdout.isTTY) {
    console.log(`${title} …`);
    return () => undefined;
  }
  const draw = () => process.stdout.write(`\r${title} … ${seconds(started)} `);
  draw();
  const timer = setInterval(draw, 500);
  return () => {
    clearInterval(timer);
    process.stdout.write('\r\u001b[K');
  };
}

function seconds(started) {
  return `${((Date.now() - started) / 1000).toFixed(1)} s`;
}

function run(command, args) {
  return new Promise((resolve, reject) => {
    const output = [];
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      // npm.cmd is a batch file, which Windows runs through a shell only.
      shell: process.platform === 'win32' && command.endsWith('.cmd'),
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk));
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve();
      else
        reject(
          new Error(
            `${path.basename(command)} ${args.join(' ')} ended with ${code ?? signal}:\n${Buffer.concat(output)}`,
          ),
        );
    });
  });
}
