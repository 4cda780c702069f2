import { connect, type MqttClient } from 'mqtt';
import { scaleTopic, type ScaleStatus } from '#protocol';
import { backoffMs, type Backoff } from './backoff.js';

const KEEPALIVE_SECONDS = 60;
const CONNECT_TIMEOUT_MS = 10_000;
const GOODBYE_TIMEOUT_MS = 2_000;

export interface LinkOptions {
  readonly url: string;
  readonly scaleId: string;
  readonly reconnect: Backoff;
  readonly random: () => number;
  readonly onUp: () => void;
  readonly onDown: () => void;
  readonly onReceipt: (message: Uint8Array) => void;
  readonly onProblem: (problem: unknown) => void;
}

/**
 * The scale's way to the broker. It says `online` when it is there and leaves `offline` as its last will, both retained.
 * When it loses the broker it comes back by itself, later each time.
 *
 * Each connection is a new client with a clean session: what is to be sent lies in the queue, and nowhere else.
 */
export class ScaleLink {
  private client: MqttClient | undefined;
  private isWanted = false;
  private attempts = 0;
  private connectAtMs = 0;

  constructor(private readonly options: LinkOptions) {}

  get isUp(): boolean {
    return this.client?.connected ?? false;
  }

  /** From now on be connected whenever that is possible. Happens in the background, from the next `tick` on. */
  open(): void {
    this.isWanted = true;
  }

  /** @param nowMs as `performance.now()` tells it */
  tick(nowMs: number): void {
    if (!this.isWanted || this.client || nowMs < this.connectAtMs) return;
    this.client = this.connect();
  }

  /** Hands a message to the broker, QoS 1. That the broker has it means nothing: only a receipt does. */
  send(text: string): void {
    this.client?.publish(scaleTopic(this.options.scaleId, 'weighings'), text, { qos: 1 }, (error) => {
      // A connection that was lost takes its unconfirmed messages with it; they are sent again on the next one.
      if (error && this.isUp) this.options.onProblem(error);
    });
  }

  /** Says goodbye and disconnects. */
  async close(): Promise<void> {
    this.isWanted = false;
    const { client } = this;
    if (client?.connected) await withinMs(GOODBYE_TIMEOUT_MS, this.announce(client, 'offline'));
    await this.cut();
  }

  /** Breaks the connection without a word: the broker publishes the last will. */
  async cut(): Promise<void> {
    this.isWanted = false;
    await this.client?.endAsync(true);
  }

  private connect(): MqttClient {
    const { url, scaleId, onUp, onReceipt, onProblem } = this.options;
    const client = connect(url, {
      clientId: scaleId,
      protocolVersion: 4,
      clean: true,
      reconnectPeriod: 0,
      keepalive: KEEPALIVE_SECONDS,
      connectTimeout: CONNECT_TIMEOUT_MS,
      will: { topic: scaleTopic(scaleId, 'status'), payload: Buffer.from('offline'), qos: 1, retain: true },
    });
    client.on('message', (_topic, payload) => {
      onReceipt(payload);
    });
    client.on('error', onProblem);
    client.on('close', () => {
      this.lost(client);
    });
    client.on('connect', () => {
      this.attempts = 0;
      client.subscribe(scaleTopic(scaleId, 'receipts'), { qos: 1 }, (error) => {
        if (error) client.end(true);
        else onUp();
      });
      void this.announce(client, 'online');
    });
    return client;
  }

  private lost(client: MqttClient): void {
    if (this.client !== client) return;
    this.client = undefined;
    client.end(true);
    const { reconnect, random, onDown } = this.options;
    this.connectAtMs = performance.now() + backoffMs(reconnect, this.attempts, random());
    this.attempts += 1;
    onDown();
  }

  private async announce(client: MqttClient, status: ScaleStatus): Promise<void> {
    const topic = scaleTopic(this.options.scaleId, 'status');
    await client.publishAsync(topic, status, { qos: 1, retain: true }).catch(() => undefined);
  }
}

async function withinMs(limitMs: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, limitMs)));
  await Promise.race([work, limit]);
  clearTimeout(timer);
}
