import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { eventually } from '../../../test/support/eventually.js';
import { EmbeddedBroker, PortTaken, type EmbeddedBrokerOptions } from './embedded-broker.js';
import { type ReceivedMessage } from './message-intake.js';

// What goes wrong here goes wrong on purpose.
Logger.overrideLogger(false);

const PACKET_BYTES_MAX = 128 * 1024;

describe('the embedded broker', () => {
  let broker: EmbeddedBroker;
  let clients: MqttClient[];
  let taken: ReceivedMessage[];
  /** What the intake waits for; replaced by tests that want it to wait, or to fail. */
  let durable: () => Promise<void>;

  const options = (overrides: Partial<EmbeddedBrokerOptions> = {}): EmbeddedBrokerOptions => ({
    host: '127.0.0.1',
    port: 0,
    portSetting: 'MQTT_PORT',
    packetBytesMax: PACKET_BYTES_MAX,
    rules: {
      mayPublish: (topic) => topic.startsWith('up/'),
      mayRetain: (topic) => topic.endsWith('/status'),
      maySubscribe: (filter) => filter.startsWith('down/') || filter.endsWith('/status'),
    },
    intake: async (message) => {
      taken.push(message);
      await durable();
    },
    ...overrides,
  });

  async function connected(overrides: IClientOptions = {}): Promise<MqttClient> {
    const client = await connectAsync(`mqtt://127.0.0.1:${broker.port}`, { reconnectPeriod: 0, ...overrides }, false);
    client.on('error', () => undefined);
    clients.push(client);
    return client;
  }

  async function heard(filter: string): Promise<string[]> {
    const client = await connected();
    const messages: string[] = [];
    client.on('message', (topic, payload) => messages.push(`${topic}: ${payload.toString()}`));
    await client.subscribeAsync(filter, { qos: 1 });
    return messages;
  }

  beforeEach(async () => {
    clients = [];
    taken = [];
    durable = () => Promise.resolve();
    broker = await EmbeddedBroker.start(options());
  });
  afterEach(async () => {
    await Promise.all(clients.map((client) => client.endAsync(true)));
    await broker.close();
  });

  describe('takes a message in', () => {
    it('and acknowledges it only when it is durable', async () => {
      let makeDurable: () => void = () => undefined;
      durable = () => new Promise((resolve) => (makeDurable = resolve));
      const client = await connected();
      let acknowledged = false;
      const publishing = client.publishAsync('up/a', 'x', { qos: 1 }).then(() => (acknowledged = true));

      await eventually(() => expect(taken).toHaveLength(1));
      // Whatever else the broker has to say to this client arrives before the acknowledgement does.
      await client.subscribeAsync('down/a');
      expect(acknowledged).toBe(false);
      makeDurable();
      await publishing;
    });

    it('with exactly its bytes', async () => {
      const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7) % 256));
      await (await connected()).publishAsync('up/a', bytes, { qos: 1 });
      expect(taken).toEqual([{ topic: 'up/a', payload: bytes }]);
    });

    it('or, when it cannot, ends the connection without an acknowledgement, and the client repeats it', async () => {
      let attempts = 0;
      durable = () => (++attempts === 1 ? Promise.reject(new Error('no database')) : Promise.resolve());
      const client = await connected({ reconnectPeriod: 20 });
      await client.publishAsync('up/a', 'x', { qos: 1 });
      expect(taken).toHaveLength(2);
      expect(broker.counters.failedIntakes).toBe(1);
    });

    it('also when it is the last will of a client that is gone', async () => {
      const client = await connected({ will: { topic: 'up/a/status', payload: Buffer.from('offline'), qos: 1 } });
      client.stream.destroy();
      await eventually(() => expect(taken.map(({ payload }) => payload.toString())).toEqual(['offline']));
    });

    it('from many clients at once', async () => {
      const publishing = Array.from({ length: 20 }, async (_, at) => {
        const client = await connected();
        await Promise.all(Array.from({ length: 50 }, (__, n) => client.publishAsync(`up/${at}`, `${n}`, { qos: 1 })));
      });
      await Promise.all(publishing);
      expect(taken).toHaveLength(1_000);
      for (const at of [0, 19]) {
        const ofOne = taken.filter(({ topic }) => topic === `up/${at}`).map(({ payload }) => payload.toString());
        expect(ofOne).toEqual(Array.from({ length: 50 }, (_, n) => `${n}`));
      }
    });
  });

  describe('refuses', () => {
    it('a message on a topic that is not for clients, and the connection with it', async () => {
      const client = await connected();
      client.publish('down/a', 'a forged receipt', { qos: 1 });
      await eventually(() => expect(client.connected).toBe(false));
      expect(taken).toEqual([]);
      expect(broker.counters.forbiddenPublishes).toBe(1);
    });

    it('a subscription to what is not for clients, and keeps the others', async () => {
      const client = await connected();
      const granted: unknown = await client
        .subscribeAsync(['up/+', '#', 'down/a'], { qos: 1 })
        .catch((error: unknown) => error);
      expect(granted).toMatchObject({ packet: { granted: [128, 128, 1] } });
      expect(broker.counters.forbiddenSubscriptions).toBe(2);
    });

    it('a packet that says it is too large, before it comes', async () => {
      const socket = connectTcp(broker.port, '127.0.0.1');
      socket.on('error', () => undefined);
      const closed = once(socket, 'close');
      socket.write(Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f]));
      await closed;
      expect(broker.counters.oversizedPackets).toBe(1);
    });

    it('a message that is too large, and takes the largest', async () => {
      const client = await connected({ reconnectPeriod: 0 });
      await client.publishAsync('up/a', Buffer.alloc(PACKET_BYTES_MAX - 100), { qos: 1 });
      client.publish('up/a', Buffer.alloc(PACKET_BYTES_MAX), { qos: 1 });
      await eventually(() => expect(client.connected).toBe(false));
      expect(taken).toHaveLength(1);
      expect(broker.counters.oversizedPackets).toBe(1);
    });

    it('noise, and goes on', async () => {
      for (const noise of [Buffer.alloc(2_000, 0xff), Buffer.from('GET / HTTP/1.1\r\n\r\n'), Buffer.alloc(50)]) {
        const socket = connectTcp(broker.port, '127.0.0.1');
        socket.on('error', () => undefined);
        const closed = once(socket, 'close');
        socket.end(noise);
        await closed;
      }
      await (await connected()).publishAsync('up/a', 'x', { qos: 1 });
      expect(taken).toHaveLength(1);
    });

    it('MQTT 5, in words that such a client understands', async () => {
      await expect(connected({ protocolVersion: 5 })).rejects.toThrow(/refused/);
    });

    it('more clients than it may have', async () => {
      const small = await EmbeddedBroker.start(options({ clientsMax: 1 }));
      const url = `mqtt://127.0.0.1:${small.port}`;
      const first = await connectAsync(url);
      await expect(connectAsync(url, { reconnectPeriod: 0 }, false)).rejects.toThrow();
      expect(small.counters.refusedConnections).toBe(1);
      await first.endAsync(true);
      await small.close();
    });

    it('a port that is taken, and says which setting to change', async () => {
      const attempt = EmbeddedBroker.start(options({ port: broker.port }));
      await expect(attempt).rejects.toThrow(PortTaken);
      await expect(attempt).rejects.toMatchObject({
        port: broker.port,
        setting: 'MQTT_PORT',
        message: expect.stringMatching(new RegExp(`Port ${broker.port} .* MQTT_PORT`)),
      });
    });
  });

  describe('speaks to clients', () => {
    it('that listen now', async () => {
      const messages = await heard('down/+');
      await broker.publish('down/a', 'receipt', { qos: 1, retain: false });
      await eventually(() => expect(messages).toEqual(['down/a: receipt']));
    });

    it('and, with what is retained, to those that come later', async () => {
      await broker.publish('down/a/config', 'one', { qos: 1, retain: true });
      await broker.publish('down/a/config', 'two', { qos: 1, retain: true });
      const client = await connected();
      await client.publishAsync('up/a', 'not to be retained', { qos: 1, retain: true });
      await client.publishAsync('up/a/status', 'online', { qos: 1, retain: true });

      const messages = [await heard('down/#'), await heard('up/+/status')];
      await eventually(() => expect(messages).toEqual([['down/a/config: two'], ['up/a/status: online']]));
    });

    it('leaving nothing out where retained and other messages are sent at once', async () => {
      const messages = await heard('down/#');
      const sent = Array.from({ length: 40 }, (_, n) => n);
      await Promise.all(sent.map((n) => broker.publish(`down/${n}`, `${n}`, { qos: 1, retain: n % 2 === 0 })));
      await eventually(() => expect(messages).toEqual(sent.map((n) => `down/${n}: ${n}`)));
    });

    it('and is not held up by one that does not read', async () => {
      const deaf = connectTcp(broker.port, '127.0.0.1').pause();
      deaf.on('error', () => undefined);
      deaf.write(Buffer.from('101000044d5154540402003c000464656166', 'hex')); // CONNECT, as "deaf"
      deaf.write(Buffer.from('820b0001' + '0006' + Buffer.from('down/#').toString('hex') + '01', 'hex')); // SUBSCRIBE
      const messages = await heard('down/last');

      const large = Buffer.alloc(100_000);
      const sending: Promise<void>[] = [];
      await eventually(() => {
        // One at a time, until the sockets of both sides are full and the rest would wait in the broker.
        sending.push(broker.publish('down/a', large, { qos: 1, retain: false }));
        expect(broker.counters.skippedDeliveries).toBeGreaterThan(0);
      });
      void broker.publish('down/last', 'still here', { qos: 1, retain: false });
      await eventually(() => expect(messages).toEqual(['down/last: still here']));
      deaf.destroy();
      await Promise.all(sending);
    });
  });

  describe('ends', () => {
    it('after the messages that are being taken in, and leaves its port free', async () => {
      let makeDurable: () => void = () => undefined;
      durable = () => new Promise((resolve) => (makeDurable = resolve));
      const client = await connected();
      client.publish('up/a', 'x', { qos: 1 });
      await eventually(() => expect(taken).toHaveLength(1));

      const { port } = broker;
      let closed = false;
      const closing = broker.close().then(() => (closed = true));
      await eventually(() => expect(client.connected).toBe(false));
      expect(closed).toBe(false);
      makeDurable();
      await closing;
      broker = await EmbeddedBroker.start(options({ port }));
      expect(broker.port).toBe(port);
    });

    it('with connections that never said anything', async () => {
      const silent = connectTcp(broker.port, '127.0.0.1');
      await once(silent, 'connect');
      const closed = once(silent, 'close');
      silent.on('error', () => undefined).resume();
      await broker.close();
      await closed;
    });
  });
});
