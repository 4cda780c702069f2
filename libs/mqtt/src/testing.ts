import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect as connectTcp, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

const START_MS_MAX = 10_000;

/** A real broker in a process of its own, for tests. */
export interface Mosquitto {
  readonly port: number;
  readonly stop: () => Promise<void>;
  /** `kill -9`. What it kept is lost. */
  readonly kill: () => Promise<void>;
}

/** Where Debian's package puts it, which is on no ordinary user's PATH. */
const BINARY = [process.env['MOSQUITTO'], 'mosquitto', '/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto'].find(
  (one) => one !== undefined && spawnSync(one, ['-h']).error === undefined,
);

/** Why tests against Mosquitto cannot run here; undefined where they can. */
export const whyNoMosquitto =
  BINARY === undefined ? 'no mosquitto binary was found (Debian: apt-get install mosquitto)' : undefined;

/** Starts Mosquitto on a free port of the loopback, open to everybody, losing nothing for want of room. */
export async function startMosquitto(port = 0): Promise<Mosquitto> {
  const folder = await mkdtemp(path.join(tmpdir(), 'mosquitto-'));
  const chosen = port === 0 ? await freePort() : port;
  const config = [
    `listener ${chosen} 127.0.0.1`,
    'allow_anonymous true',
    'max_queued_messages 0',
    'max_inflight_messages 100',
    'persistence false',
  ];
  return runMosquitto(folder, config.join('\n'), chosen);
}

/** Starts Mosquitto with a configuration that listens on a port; the folder, for its files, goes when it stops. */
export async function runMosquitto(folder: string, config: string, port: number): Promise<Mosquitto> {
  if (BINARY === undefined) throw new Error(whyNoMosquitto);
  // Started as root it would become another user, who may not read this folder.
  const user = process.getuid?.() === 0 ? 'user root\n' : '';
  await writeFile(path.join(folder, 'mosquitto.conf'), user + config);
  const child = spawn(BINARY, ['-c', path.join(folder, 'mosquitto.conf')], { stdio: 'ignore' });
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null && child.kill(signal)) await once(child, 'exit');
    await rm(folder, { recursive: true, force: true });
  };
  const stop = () => end('SIGTERM');
  try {
    await listening(port, child);
  } catch (error) {
    await stop();
    throw error;
  }
  return { port, stop, kill: () => end('SIGKILL') };
}

/** A network that can be cut: what connects to `port` is led to another port, until `cut` ends all of it. */
export async function startNetwork(toPort: number) {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connectTcp(toPort, '127.0.0.1');
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      cut();
      await closed;
    },
  };
}

/** One that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const closed = once(server, 'close');
  server.close();
  await closed;
  return port;
}

async function listening(port: number, child: { readonly exitCode: number | null }): Promise<void> {
  const deadline = Date.now() + START_MS_MAX;
  for (;;) {
    const socket = connectTcp(port, '127.0.0.1');
    const connected = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (connected) return;
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`Mosquitto does not listen on port ${port}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
