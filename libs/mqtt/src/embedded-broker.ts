import { once, type EventEmitter } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Logger } from '@nestjs/common';
import { Aedes, type AedesPublishPacket, type Client, type PublishPacket, type Subscription } from 'aedes';
import { type MessageIntake } from './message-intake.js';
import { MqttPublisher, type PublishOptions } from './mqtt-publisher.js';
import { PacketSizes } from './packet-sizes.js';

const CLIENTS_MAX = 5_000;
const SUBSCRIPTIONS_PER_CLIENT_MAX = 100;
const RETAINED_TOPICS_MAX = 50_000;
/** Half-open handshakes of QoS 2 that a client may leave; nobody needs QoS 2, because repeats are harmless. */
const QOS2_HANDSHAKES_MAX = 16;
const CONNECT_MS_MAX = 10_000;
const KEEPALIVE_MS = 60_000;
/** A client that reads nothing for this long is disconnected. */
const DRAIN_MS_MAX = 10_000;
/** What may wait for a client that reads slowly. Beyond it, messages to it are left out: a scale asks again. */
const BACKLOG_BYTES_MAX = 1024 * 1024;
/** How long `close` waits for messages that are being taken in. */
const INTAKE_MS_MAX = 10_000;

/** Which topics clients may use. Whoever composes the process knows the topics; the broker does not. */
export interface TopicRules {
  mayPublish(topic: string): boolean;
  /** Whether a message that asks to be retained on this topic is; elsewhere it is delivered and forgotten. */
  mayRetain(topic: string): boolean;
  maySubscribe(filter: string): boolean;
}

export interface EmbeddedBrokerOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** The setting that chooses the port, for the message that says it is taken. */
  readonly portSetting: string;
  readonly packetBytesMax: number;
  readonly rules: TopicRules;
  readonly intake: MessageIntake;
  readonly clientsMax?: number;
}

/** Another program listens there. */
export class PortTaken extends Error {
  constructor(
    readonly host: string,
    readonly port: number,
    readonly setting: string,
  ) {
    super(`Port ${port} on ${host} is in use by another program. Stop it, or set ${setting} to a free port.`);
    this.name = 'PortTaken';
  }
}

/** What happened since the start; each only ever rises, except `clients`, which are connected now. */
export interface BrokerCounters {
  readonly clients: number;
  /** Messages on topics that clients may not use. Each cost its sender the connection. */
  readonly forbiddenPublishes: number;
  readonly forbiddenSubscriptions: number;
  /** Packets above the limit. Each cost its sender the connection. */
  readonly oversizedPackets: number;
  /** Connections refused because there were enough. */
  readonly refusedConnections: number;
  /** Messages that could not be taken in and will come again. */
  readonly failedIntakes: number;
  /** Messages left out for clients that read too slowly. */
  readonly skippedDeliveries: number;
  /** Connections that ended in an error, for whatever reason. */
  readonly connectionErrors: number;
}

/**
 * An MQTT 3.1.1 broker inside this process, for an installation that runs no other. A client's message is handed to the
 * intake before it is acknowledged (aedes authorises a message before it writes PUBACK), so that on this broker PUBACK
 * means: durable. It keeps no sessions; a scale that comes back repeats what no receipt covers, and nothing else is
 * worth keeping for it.
 */
export class EmbeddedBroker extends MqttPublisher {
  private readonly log = new Logger(EmbeddedBroker.name);
  private readonly sockets = new Set<Socket>();
  private readonly subscriptions = new WeakMap<Client, Set<string>>();
  private readonly retainedTopics = new Set<string>();
  private readonly running = new Set<Promise<void>>();
  private readonly counted = {
    forbiddenPublishes: 0,
    forbiddenSubscriptions: 0,
    oversizedPackets: 0,
    refusedConnections: 0,
    failedIntakes: 0,
    skippedDeliveries: 0,
    connectionErrors: 0,
  };
  private retaining: Promise<void> | undefined;

  private constructor(
    private readonly options: EmbeddedBrokerOptions,
    private readonly broker: Aedes,
    private readonly server: Server,
  ) {
    super();
  }

  /** @throws PortTaken */
  static async start(options: EmbeddedBrokerOptions): Promise<EmbeddedBroker> {
    const aedes = await Aedes.createBroker({
      // Unlimited: with a limit, a few clients that do not read would hold up everybody's messages.
      concurrency: 0,
      connectTimeout: CONNECT_MS_MAX,
      drainTimeout: DRAIN_MS_MAX,
      maxInflightInbound: QOS2_HANDSHAKES_MAX,
    });
    const server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEPALIVE_MS });
    server.maxConnections = options.clientsMax ?? CLIENTS_MAX;
    const broker = new EmbeddedBroker(options, aedes, server);
    broker.attach();
    try {
      server.listen(options.port, options.host);
      await once(server, 'listening');
    } catch (error) {
      await broker.close();
      const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      throw taken ? new PortTaken(options.host, options.port, options.portSetting) : error;
    }
    server.on('error', (error) => broker.log.error(error));
    return broker;
  }

  /** Where it listens, also when any free port was asked for. */
  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Whether scales can reach it. */
  get isConnected(): boolean {
    return this.server.listening;
  }

  get counters(): BrokerCounters {
    return { clients: this.broker.connectedClients, ...this.counted };
  }

  override async publish(topic: string, payload: string | Buffer, { qos, retain }: PublishOptions): Promise<void> {
    // aedes drops, as a repeat, what is overtaken on its way to a subscriber; storing a retained message takes longer.
    while (this.retaining) await this.retaining;
    const delivered = new Promise<void>((resolve, reject) => {
      const packet: PublishPacket = { cmd: 'publish', topic, payload, qos, retain, dup: false };
      this.broker.publish(packet, (error) => (error ? reject(error) : resolve()));
    });
    if (retain) {
      const settled = delivered.then(
        () => undefined,
        () => undefined,
      );
      this.retaining = settled;
      await settled;
      this.retaining = undefined;
    }
    return delivered;
  }

  /** Ends every connection and leaves nothing behind. Messages being taken in are waited for, within limits. */
  async close(): Promise<void> {
    const closed = this.server.listening ? once(this.server, 'close') : undefined;
    this.server.close();
    await new Promise<void>((resolve) => this.broker.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
    await settledWithin(this.running, INTAKE_MS_MAX);
  }

  private attach(): void {
    const { broker, server } = this;
    server.on('connection', (socket) => this.accept(socket));
    server.on('drop', () => (this.counted.refusedConnections += 1));

    broker.preConnect = (_client, packet, done) => {
      packet.clean = true;
      done(null, true);
    };
    broker.authorizePublish = (client, packet, done) => this.take(client, packet, done);
    broker.authorizeSubscribe = (client, subscription, done) => done(null, this.grant(client, subscription));
    broker.authorizeForward = (client, packet) => this.forward(client, packet);
    broker.on('unsubscribe', (filters, client) => {
      for (const filter of filters) this.subscriptions.get(client)?.delete(filter);
    });

    const countError = () => (this.counted.connectionErrors += 1);
    broker.on('clientError', countError);
    broker.on('connectionError', countError);
    (broker as EventEmitter).on('error', (error) => this.log.error(error));
  }

  private accept(socket: Socket): void {
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    this.broker.handle(socket);
    // The broker reads on `readable`; a listener on `data` sees each chunk on its way to it, and changes nothing.
    const sizes = new PacketSizes(this.options.packetBytesMax);
    socket.on('data', (chunk: Buffer) => {
      if (socket.destroyed || sizes.accept(chunk)) return;
      this.counted.oversizedPackets += 1;
      socket.destroy();
    });
  }

  /** An error given to `done` ends the connection without PUBACK: the client will come back and repeat. */
  private take(client: Client | null, packet: PublishPacket, done: (error?: Error | null) => void): void {
    const { topic } = packet;
    if (!this.options.rules.mayPublish(topic)) {
      this.counted.forbiddenPublishes += 1;
      this.log.warn(`Client ${client?.id ?? ''} published to a topic that clients may not use`);
      done(new Error('not a topic that clients may publish to'));
      return;
    }
    packet.retain = packet.retain && this.mayRetain(topic, packet.payload.length);
    const payload = Buffer.isBuffer(packet.payload) ? packet.payload : Buffer.from(packet.payload);
    const intake = this.options.intake({ topic, payload }).then(
      () => done(),
      (error: unknown) => {
        this.counted.failedIntakes += 1;
        done(error instanceof Error ? error : new Error(String(error)));
      },
    );
    this.running.add(intake);
    void intake.finally(() => this.running.delete(intake));
  }

  private mayRetain(topic: string, payloadBytes: number): boolean {
    if (!this.options.rules.mayRetain(topic)) return false;
    if (payloadBytes === 0) this.retainedTopics.delete(topic);
    else if (this.retainedTopics.size < RETAINED_TOPICS_MAX) this.retainedTopics.add(topic);
    else return this.retainedTopics.has(topic);
    return true;
  }

  private grant(client: Client, subscription: Subscription): Subscription | null {
    const filters = this.subscriptions.get(client) ?? new Set();
    this.subscriptions.set(client, filters);
    const within = filters.has(subscription.topic) || filters.size < SUBSCRIPTIONS_PER_CLIENT_MAX;
    if (!within || !this.options.rules.maySubscribe(subscription.topic)) {
      this.counted.forbiddenSubscriptions += 1;
      return null;
    }
    filters.add(subscription.topic);
    return subscription;
  }

  private forward(client: Client, packet: AedesPublishPacket): AedesPublishPacket | null {
    if (client.conn.writableLength <= BACKLOG_BYTES_MAX) return packet;
    this.counted.skippedDeliveries += 1;
    return null;
  }
}

async function settledWithin(promises: Iterable<Promise<void>>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([Promise.allSettled(promises), timeout]);
  clearTimeout(timer);
}
