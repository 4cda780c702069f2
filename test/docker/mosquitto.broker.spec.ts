import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { freePort, runMosquitto, whyNoMosquitto, type Mosquitto } from '#mqtt/testing';
import { channelFilter, scaleTopic } from '#protocol';
import { eventually } from '../support/eventually.js';
import { CertificateAuthority } from './certificates.js';

const CONFIG = path.resolve(import.meta.dirname, '../../docker/mosquitto');
const NAMES = ['ingest', 'one', 'two'] as const;
type Name = (typeof NAMES)[number];

/** Files and ports of a test in place of those of the container. */
async function configured(folder: string, ports: Readonly<Record<string, number>>): Promise<string> {
  let config = await readFile(path.join(CONFIG, 'tls.conf'), 'utf8');
  for (const [port, free] of Object.entries(ports)) {
    config = config.replace(`listener ${port}\n`, `listener ${free} 127.0.0.1\n`);
  }
  return config.replaceAll('/mosquitto/config/', `${folder}/`).replaceAll('/mosquitto/data/', `${folder}/data/`);
}

(whyNoMosquitto === undefined ? describe : describe.skip)('the broker of docker/mosquitto/tls.conf', () => {
  let mosquitto: Mosquitto;
  let authority: CertificateAuthority;
  let ports: { readonly 8883: number; readonly 8884: number };
  const certificates = new Map<Name, { readonly cert: string; readonly key: string }>();
  const clients: MqttClient[] = [];

  beforeAll(async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'mosquitto-'));
    authority = await CertificateAuthority.create('Beitillu');
    const server = await authority.issue('broker');
    for (const name of NAMES) certificates.set(name, await authority.issue(name));
    await writeFile(path.join(folder, 'ca.pem'), authority.cert);
    await writeFile(path.join(folder, 'server.pem'), server.cert);
    await writeFile(path.join(folder, 'server.key'), server.key);
    await cp(path.join(CONFIG, 'acl'), path.join(folder, 'acl'));
    await mkdir(path.join(folder, 'data'));
    await writeFile(path.join(folder, 'passwords'), NAMES.map((name) => `${name}:secret of ${name}\n`).join(''));
    // Hashes them in place.
    expect(spawnSync('mosquitto_passwd', ['-U', path.join(folder, 'passwords')]).status).toBe(0);
    ports = { 8883: await freePort(), 8884: await freePort() };
    mosquitto = await runMosquitto(folder, await configured(folder, ports), ports[8883]);
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.endAsync(true)));
  });
  afterAll(() => mosquitto.stop());

  const connect = async (port: 8883 | 8884, options: IClientOptions): Promise<MqttClient> => {
    const client = await connectAsync(`mqtts://127.0.0.1:${ports[port]}`, {
      protocolVersion: 5,
      reconnectPeriod: 0,
      ca: authority.cert,
      ...options,
    });
    client.on('error', () => undefined);
    clients.push(client);
    return client;
  };
  const ways = {
    'a password': (name: Name) => connect(8883, { username: name, password: `secret of ${name}` }),
    'a certificate': (name: Name) => connect(8884, certificates.get(name) ?? {}),
  };

  const heardBy = async (client: MqttClient, filter: string): Promise<string[]> => {
    const heard: string[] = [];
    client.on('message', (topic, payload) => heard.push(`${topic} ${payload.toString()}`));
    await client.subscribeAsync(filter, { qos: 1 });
    return heard;
  };
  /** Whether the broker took it: one that may not is told so, or loses its connection. */
  const publish = (client: MqttClient, topic: string, payload: string) =>
    Promise.race([
      client.publishAsync(topic, payload, { qos: 1 }).then(
        () => 'taken',
        () => 'refused',
      ),
      new Promise<string>((resolve) => client.once('close', () => resolve('refused'))),
    ]);

  describe.each(Object.entries(ways))('lets in, with %s,', (_, as) => {
    it('a scale that speaks for itself, and ingest that hears it', async () => {
      const heard = await heardBy(await as('ingest'), `$share/ingest/${channelFilter('weighings')}`);
      expect(await publish(await as('one'), scaleTopic('one', 'weighings'), 'mine')).toBe('taken');
      await eventually(() => expect(heard).toEqual(['mizan/v1/scales/one/weighings mine']));
    });

    it.each([
      ['for another scale', scaleTopic('two', 'weighings')],
      ['as the backend', scaleTopic('one', 'receipts')],
      ['somewhere else', 'elsewhere'],
    ])('nobody who speaks %s', async (_case, topic) => {
      const ingest = await as('ingest');
      const heard = await heardBy(ingest, channelFilter('weighings'));
      const receipts = await heardBy(await as('two'), scaleTopic('two', 'receipts'));
      expect(await publish(await as('one'), topic, 'forged')).toBe('refused');
      // What comes after it arrives, and nothing before.
      await publish(await as('two'), scaleTopic('two', 'weighings'), 'mine');
      await publish(ingest, scaleTopic('two', 'receipts'), 'for two');
      await eventually(() => {
        expect(heard).toEqual(['mizan/v1/scales/two/weighings mine']);
        expect(receipts).toEqual(['mizan/v1/scales/two/receipts for two']);
      });
    });

    it('nobody who listens to what another is told, or says', async () => {
      const [ingest, two, one] = [await as('ingest'), await as('two'), await as('one')];
      const own = await heardBy(two, scaleTopic('two', 'receipts'));
      const overheard: string[] = [];
      one.on('message', (topic) => overheard.push(topic));
      for (const filter of [
        '#',
        channelFilter('receipts'),
        channelFilter('weighings'),
        scaleTopic('two', 'receipts'),
      ]) {
        await one.subscribeAsync(filter, { qos: 1 }).catch(() => undefined);
      }
      await publish(ingest, scaleTopic('two', 'receipts'), 'for two');
      await publish(two, scaleTopic('two', 'weighings'), 'mine');
      await publish(ingest, scaleTopic('one', 'receipts'), 'for one');
      await eventually(() => {
        expect(own).toEqual(['mizan/v1/scales/two/receipts for two']);
        expect(overheard).toContain('mizan/v1/scales/one/receipts');
      });
      expect(new Set(overheard)).toEqual(new Set(['mizan/v1/scales/one/receipts']));
    });
  });

  it('lets in nobody without a name, with a wrong password, or with a certificate of somebody else', async () => {
    const impostor = await (await CertificateAuthority.create('Beitillu')).issue('one');
    await expect(connect(8883, {})).rejects.toThrow();
    await expect(connect(8883, { username: 'one', password: 'secret of two' })).rejects.toThrow();
    await expect(connect(8884, {})).rejects.toThrow();
    await expect(connect(8884, impostor)).rejects.toThrow();
  });
});
