import { Logger } from '@nestjs/common';
import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import { ConsumingConnection, type ConsumingCounters } from './consuming-connection.js';
import { type MessageIntake } from './message-intake.js';
import { MqttPublisher, type PublishOptions } from './mqtt-publisher.js';

/** Taking in is one message at a time for each connection, so their number is the largest batch (measured: 16). */
const CONSUMING_CONNECTIONS = 16;
const KEEPALIVE_SECONDS = 60;
const CONNECT_MS_MAX = 10_000;
/** How long messages wait at the broker for an ingest that is away. */
const SESSION_SECONDS = 30 * 24 * 3600;
/** How many unacknowledged messages the broker may send ahead on one connection. */
const RECEIVE_MAX = 100;
const PUBLISHES_IN_FLIGHT_MAX = 5_000;

/** MQTT 5 reason code and MQTT 3.1.1 return code of a broker that does not speak the version asked for. */
const UNSUPPORTED_VERSION = [0x84, 1];

export interface MqttConnectionOptions {
  /** `mqtt://` or `mqtts://`, with user and password where the broker wants them. */
  readonly url: string;
  /** Topic filters to take in, without a share. */
  readonly filters: readonly string[];
  readonly intake: MessageIntake;
  /** Fixed for this process across restarts, different from those of other processes: sessions belong to it. */
  readonly clientId: string;
  /** Name of the share between processes that do the same work. */
  readonly share: string;
  readonly consumingConnections?: number;
}

/** The broker cannot be reached now; nothing was sent. */
export class BrokerUnavailable extends Error {
  constructor(message: string, options?: { cause: unknown }) {
    super(message, options);
    this.name = 'BrokerUnavailable';
  }
}

/**
 * Takes messages in from a broker outside this process and publishes to it. With MQTT 5, several connections of one
 * shared subscription, so that several messages, and several processes, are at work at once; with MQTT 3.1.1, which
 * has no shares, one. Publishing has a connection of its own: one that consumes reads no acknowledgements meanwhile.
 */
export class MqttConnection extends MqttPublisher {
  private publishesInFlight = 0;

  private constructor(
    private readonly publisher: MqttClient,
    private readonly consuming: readonly ConsumingConnection[],
    readonly protocolVersion: 4 | 5,
  ) {
    super();
  }

  /**
   * Resolves once every connection has its subscriptions.
   * @throws BrokerUnavailable when the broker does not answer, refuses us, or refuses a subscription
   */
  static async open(options: MqttConnectionOptions): Promise<MqttConnection> {
    const { publisher, protocolVersion, shares } = await openPublisher(options);
    const count = shares ? (options.consumingConnections ?? CONSUMING_CONNECTIONS) : 1;
    const filters = shares ? options.filters.map((filter) => `$share/${options.share}/${filter}`) : options.filters;
    const consuming = Array.from({ length: count }, (_, index) => {
      const client = clientOptions(protocolVersion, `${options.clientId}-${index + 1}`);
      return new ConsumingConnection({ url: options.url, client, filters, intake: options.intake });
    });
    const connection = new MqttConnection(publisher, consuming, protocolVersion);
    try {
      await Promise.all(consuming.map((one) => one.subscribe()));
    } catch (error) {
      await connection.close();
      throw new BrokerUnavailable('The MQTT broker of MQTT_URL refused what ingest needs', { cause: error });
    }
    return connection;
  }

  /** Counts over all consuming connections since the start. */
  get counters(): Readonly<ConsumingCounters> {
    const sum = { failedIntakes: 0, staleAcknowledgements: 0, connectionErrors: 0 };
    for (const { counters } of this.consuming) {
      sum.failedIntakes += counters.failedIntakes;
      sum.staleAcknowledgements += counters.staleAcknowledgements;
      sum.connectionErrors += counters.connectionErrors;
    }
    return sum;
  }

  /** Whether receipts can be sent now; while it is false the connection is being made again. */
  get isConnected(): boolean {
    return this.publisher.connected;
  }

  override async publish(topic: string, payload: string | Buffer, { qos, retain }: PublishOptions): Promise<void> {
    // MQTT.js would keep what it cannot send in memory without end. A scale asks again for what it has not heard.
    if (!this.publisher.connected || this.publishesInFlight >= PUBLISHES_IN_FLIGHT_MAX) {
      throw new BrokerUnavailable('The MQTT broker takes nothing now');
    }
    this.publishesInFlight += 1;
    try {
      await this.publisher.publishAsync(topic, payload, { qos, retain });
    } finally {
      this.publishesInFlight -= 1;
    }
  }

  /** Ends every connection; sessions stay at the broker. A message that is being taken in is waited for. */
  async close(): Promise<void> {
    await Promise.all(this.consuming.map((one) => one.close()));
    await this.publisher.endAsync(!this.publisher.connected);
  }
}

async function openPublisher({ url, clientId }: MqttConnectionOptions) {
  for (const protocolVersion of [5, 4] as const) {
    const publisher = connect(url, { ...clientOptions(protocolVersion, `${clientId}-publisher`), clean: true });
    try {
      await connected(publisher);
    } catch (error) {
      await publisher.endAsync(true);
      const { code } = error as { code?: unknown };
      if (protocolVersion === 5 && UNSUPPORTED_VERSION.some((one) => one === code)) continue;
      throw new BrokerUnavailable('The MQTT broker of MQTT_URL does not let ingest in', { cause: error });
    }
    const shares = protocolVersion === 5 && publisher.serverProperties?.sharedSubscriptionAvailable !== false;
    return { publisher, protocolVersion, shares };
  }
  throw new BrokerUnavailable('The MQTT broker of MQTT_URL speaks neither MQTT 5 nor MQTT 3.1.1');
}

async function connected(client: MqttClient): Promise<void> {
  const log = new Logger(MqttConnection.name);
  // Stays for the life of the client: an error that nobody listens to would end the process.
  client.on('error', (error) => log.warn(`${client.options.clientId ?? ''}: ${error.message}`));
  await new Promise<void>((resolve, reject) => {
    client.once('connect', () => resolve());
    client.once('error', reject);
    client.once('close', () => reject(new Error('the broker closed the connection')));
  });
}

function clientOptions(protocolVersion: 4 | 5, clientId: string): IClientOptions {
  return {
    protocolVersion,
    clientId,
    keepalive: KEEPALIVE_SECONDS,
    connectTimeout: CONNECT_MS_MAX,
    ...(protocolVersion === 5 && {
      properties: { sessionExpiryInterval: SESSION_SECONDS, receiveMaximum: RECEIVE_MAX },
    }),
  };
}
