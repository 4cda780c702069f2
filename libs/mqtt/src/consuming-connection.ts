import { Logger } from '@nestjs/common';
import { connect, type IClientOptions, type IPublishPacket, type MqttClient } from 'mqtt';
import { type MessageIntake, type ReceivedMessage } from './message-intake.js';

const ATTEMPTS_MAX = 3;
const RETRY_MS = 250;
/** Below the keepalive: while a message is taken in, MQTT.js reads nothing, not even the answer to a ping. */
const INTAKE_MS_MAX = 30_000;
const RECONNECT_MS_MIN = 1_000;
const RECONNECT_MS_MAX = 60_000;

export interface ConsumingConnectionOptions {
  readonly url: string;
  readonly client: IClientOptions;
  /** With the share they belong to, where the broker has shares. */
  readonly filters: readonly string[];
  readonly intake: MessageIntake;
}

/** Counts since the start; each only ever rises. */
export interface ConsumingCounters {
  failedIntakes: number;
  staleAcknowledgements: number;
  connectionErrors: number;
}

/**
 * One connection that hands messages to the intake one at a time, and acknowledges each to the broker only once the
 * intake is done with it. A message that cannot be taken in is not acknowledged, and because a broker repeats such a
 * message only on a new connection, this one is closed and opened again after a pause.
 */
export class ConsumingConnection {
  readonly counters: ConsumingCounters = { failedIntakes: 0, staleAcknowledgements: 0, connectionErrors: 0 };
  private readonly log = new Logger(ConsumingConnection.name);
  private readonly client: MqttClient;
  private readonly running = new Set<Promise<void>>();

  constructor(private readonly options: ConsumingConnectionOptions) {
    this.client = connect(options.url, {
      ...options.client,
      // A durable session: what arrives while we are away waits at the broker for this client id.
      clean: false,
      reconnectPeriod: RECONNECT_MS_MIN,
      reconnectOnConnackError: true,
    });
    // In the same turn as `connect`: a durable session delivers at once, and until now the default handler, which
    // acknowledges everything, is in place. A listener on 'message' would be acknowledged before it has finished.
    this.client.handleMessage = (packet, acknowledge) => {
      const handling = this.handle(packet, acknowledge);
      this.running.add(handling);
      void handling.finally(() => this.running.delete(handling));
    };
    this.client.on('error', (error) => {
      this.counters.connectionErrors += 1;
      this.log.warn(`${options.client.clientId ?? ''}: ${error.message}`);
    });
  }

  /** Resolves once the broker has granted the subscriptions. MQTT.js asks for them again on later connections. */
  async subscribe(): Promise<void> {
    const granted = await this.client.subscribeAsync([...this.options.filters], { qos: 1 });
    const refused = granted.filter(({ qos }) => qos > 2).map(({ topic }) => topic);
    if (refused.length > 0) throw new Error(`The broker refused the subscription to ${refused.join(', ')}`);
  }

  async close(): Promise<void> {
    await this.client.endAsync();
    await Promise.all(this.running);
  }

  /**
   * `acknowledge` is called for a message that was taken in on the connection it came on, and else not at all: the
   * packet id of a connection that is gone may name another message on the next one, and MQTT.js lets go of whatever
   * waits for an answer there.
   */
  private async handle({ topic, payload }: IPublishPacket, acknowledge: () => void): Promise<void> {
    const { stream } = this.client;
    const sameConnection = () => this.client.connected && this.client.stream === stream;
    try {
      await this.takeIn({ topic, payload: Buffer.from(payload) });
    } catch (error) {
      this.counters.failedIntakes += 1;
      this.log.error(`${topic} could not be taken in and will come again: ${String(error)}`);
      if (sameConnection()) this.retreat();
      return;
    }
    if (sameConnection()) {
      this.client.options.reconnectPeriod = RECONNECT_MS_MIN;
      acknowledge();
    } else {
      this.counters.staleAcknowledgements += 1;
    }
  }

  private async takeIn(message: ReceivedMessage): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await within(INTAKE_MS_MAX / ATTEMPTS_MAX, this.options.intake(message));
        return;
      } catch (error) {
        if (attempt === ATTEMPTS_MAX || !this.client.connected) throw error;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS * 2 ** attempt));
      }
    }
  }

  private retreat(): void {
    const { reconnectPeriod = RECONNECT_MS_MIN } = this.client.options;
    this.client.options.reconnectPeriod = Math.min(reconnectPeriod * 2, RECONNECT_MS_MAX);
    this.client.stream.destroy();
  }
}

async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`took longer than ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
