import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { connectAsync } from 'mqtt';
import { eventually } from '../../../test/support/eventually.js';
import { EmbeddedBroker } from './embedded-broker.js';
import { type ReceivedMessage } from './message-intake.js';
import { BrokerUnavailable, MqttConnection, type MqttConnectionOptions } from './mqtt-connection.js';
import { startMosquitto, startNetwork, whyNoMosquitto, type Mosquitto } from './testing.js';

type Network = Awaited<ReturnType<typeof startNetwork>>;

// What goes wrong here goes wrong on purpose.
Logger.overrideLogger(false);

let taken: string[] = [];
/** What the intake waits for; replaced by tests that want it to wait, or to fail. */
let durable: () => Promise<void> = () => Promise.resolve();

function options(port: number, overrides: Partial<MqttConnectionOptions> = {}): MqttConnectionOptions {
  return {
    url: `mqtt://127.0.0.1:${port}`,
    filters: ['up/+'],
    clientId: 'ingest-1',
    share: 'ingest',
    consumingConnections: 4,
    intake: async ({ payload }: ReceivedMessage) => {
      taken.push(payload.toString());
      await durable();
    },
    ...overrides,
  };
}

async function publish(port: number, ...payloads: string[]): Promise<void> {
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`);
  await Promise.all(payloads.map((payload) => client.publishAsync('up/a', payload, { qos: 1 })));
  await client.endAsync();
}

beforeEach(() => {
  taken = [];
  durable = () => Promise.resolve();
});

if (whyNoMosquitto !== undefined) process.stdout.write(`Skipped: tests against Mosquitto, because ${whyNoMosquitto}\n`);

(whyNoMosquitto === undefined ? describe : describe.skip)('a connection to Mosquitto', () => {
  let mosquitto: Mosquitto;
  let network: Network;
  let connection: MqttConnection;

  const open = async (overrides: Partial<MqttConnectionOptions> = {}) => {
    connection = await MqttConnection.open(options(network.port, overrides));
  };

  beforeEach(async () => {
    mosquitto = await startMosquitto();
    network = await startNetwork(mosquitto.port);
  });
  afterEach(async () => {
    await connection.close();
    await network.stop();
    await mosquitto.stop();
  });

  it('takes each message in once, several at a time', async () => {
    let atWork = 0;
    let atWorkMax = 0;
    durable = async () => {
      atWork += 1;
      atWorkMax = Math.max(atWorkMax, atWork);
      await new Promise((resolve) => setTimeout(resolve, 5));
      atWork -= 1;
    };
    await open();
    const messages = Array.from({ length: 100 }, (_, n) => `${n}`);
    await publish(mosquitto.port, ...messages);
    await eventually(() => expect(taken).toHaveLength(100));
    expect(taken.toSorted()).toEqual(messages.toSorted());
    expect(connection.protocolVersion).toBe(5);
    expect(atWorkMax).toBe(4);
  });

  it('shares the work with other processes', async () => {
    await open();
    const others: string[] = [];
    const intake = ({ payload }: ReceivedMessage) => Promise.resolve(void others.push(payload.toString()));
    const other = await MqttConnection.open(options(network.port, { clientId: 'ingest-2', intake }));
    const messages = Array.from({ length: 100 }, (_, n) => `${n}`);
    await publish(mosquitto.port, ...messages);
    await eventually(() => expect([...taken, ...others].toSorted()).toEqual(messages.toSorted()));
    expect(taken.length).toBeGreaterThan(0);
    expect(others.length).toBeGreaterThan(0);
    await other.close();
  });

  it('takes in what arrived while it was away', async () => {
    await open();
    await connection.close();
    await publish(mosquitto.port, 'one', 'two', 'three');
    await open();
    await eventually(() => expect(taken.toSorted()).toEqual(['one', 'three', 'two']));
  });

  it('leaves a message unacknowledged until it is taken in: cut off before, it comes again', async () => {
    let makeDurable: () => void = () => undefined;
    durable = () => new Promise((resolve) => (makeDurable = resolve));
    await open({ consumingConnections: 1 });
    await publish(mosquitto.port, 'x');
    await eventually(() => expect(taken).toEqual(['x']));

    durable = () => Promise.resolve();
    network.cut();
    await eventually(() => expect(taken).toEqual(['x', 'x']));
    makeDurable();
  });

  it('never acknowledges on a new connection what came on an old one', async () => {
    const waiting: (() => void)[] = [];
    durable = () => new Promise((resolve) => waiting.push(resolve));
    await open({ consumingConnections: 1 });
    await publish(mosquitto.port, 'x');
    await eventually(() => expect(waiting).toHaveLength(1));
    network.cut();
    await eventually(() => expect(waiting).toHaveLength(2));

    // On the new connection the message has the number it had on the old one, and is not taken in yet.
    waiting[0]?.();
    await eventually(() => expect(connection.counters.staleAcknowledgements).toBe(1));
    network.cut();
    await eventually(() => expect(taken).toEqual(['x', 'x', 'x']));
    for (const finish of waiting) finish();
  });

  it('gives way and comes back when a message cannot be taken in, and loses none', async () => {
    let failures = 0;
    durable = () => (failures++ < 3 ? Promise.reject(new Error('no database')) : Promise.resolve());
    await open({ consumingConnections: 1 });
    await publish(mosquitto.port, 'one', 'two');
    await eventually(() => expect(taken.slice(-2)).toEqual(['one', 'two']));
    expect(taken).toEqual(['one', 'one', 'one', 'one', 'two']);
    expect(connection.counters.failedIntakes).toBe(1);
  });

  it('publishes beside it, also while every message is stuck', async () => {
    const waiting: (() => void)[] = [];
    durable = () => new Promise((resolve) => waiting.push(resolve));
    await open();
    await publish(mosquitto.port, ...Array.from({ length: 8 }, (_, n) => `${n}`));
    await eventually(() => expect(taken).toHaveLength(4));
    await connection.publish('down/a', 'config', { qos: 1, retain: true });

    const listener = await connectAsync(`mqtt://127.0.0.1:${mosquitto.port}`);
    const heard: string[] = [];
    listener.on('message', (_, payload) => heard.push(payload.toString()));
    await listener.subscribeAsync('down/+', { qos: 1 });
    await eventually(() => expect(heard).toEqual(['config']));
    await listener.endAsync();
    durable = () => Promise.resolve();
    for (const finish of waiting) finish();
  });

  it('says at once that it cannot publish while the broker is away, and keeps nothing', async () => {
    await open();
    await mosquitto.stop();
    await eventually(async () => {
      const publishing = connection.publish('down/a', 'x', { qos: 1, retain: false });
      await expect(publishing).rejects.toThrow(BrokerUnavailable);
    });
  });
});

describe('a connection to a broker that speaks only MQTT 3.1.1', () => {
  it('is a plain one', async () => {
    const broker = await EmbeddedBroker.start({
      host: '127.0.0.1',
      port: 0,
      portSetting: 'MQTT_PORT',
      packetBytesMax: 128 * 1024,
      rules: { mayPublish: () => true, mayRetain: () => false, maySubscribe: () => true },
      intake: () => Promise.resolve(),
    });
    const connection = await MqttConnection.open(options(broker.port));
    expect(connection.protocolVersion).toBe(4);
    await publish(broker.port, 'one', 'two');
    await eventually(() => expect(taken).toEqual(['one', 'two']));
    await connection.publish('down/a', 'x', { qos: 1, retain: false });
    await connection.close();
    await broker.close();
  });
});

describe('a connection to nothing', () => {
  it('is refused in words that name the setting', async () => {
    const attempt = MqttConnection.open(options(1));
    await expect(attempt).rejects.toThrow(BrokerUnavailable);
    await expect(attempt).rejects.toThrow(/MQTT_URL/);
  });
});
