import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { Aedes } from 'aedes';
import {
  channelFilter,
  parseScaleTopic,
  RECEIPT_SCHEMA,
  scaleTopic,
  signReceipt,
  weighingReportsV1,
  type WeighingReportsV1,
  type WeighingReportV1,
} from '#protocol';
import { knownReceiptKeys, type NamedJwk, type ReceiptKeys } from './receipts.js';

/** What a message says, whether it is signed or not; the signature is not looked at. */
export function contentOf(text: string): WeighingReportsV1 {
  const json = text.startsWith('{') ? text : Buffer.from(text.split('.')[1] ?? '', 'base64url').toString();
  return weighingReportsV1.parse(JSON.parse(json));
}

export interface HeardMessage {
  readonly scaleId: string;
  readonly text: string;
  readonly reports: readonly WeighingReportV1[];
}

/** An installation's key for receipts. */
export class TestReceiptKey {
  readonly jwk: NamedJwk;
  readonly keys: ReceiptKeys;
  private readonly privateKey: KeyObject;

  constructor(private readonly kid = 'test-receipts') {
    const pair = generateKeyPairSync('ed25519');
    this.privateKey = pair.privateKey;
    const { x = '' } = pair.publicKey.export({ format: 'jwk' });
    this.jwk = { kty: 'OKP', crv: 'Ed25519', x, kid };
    this.keys = knownReceiptKeys(this.jwk);
  }

  receipt(scaleId: string, ackedSeq: number | null): string {
    const serverTime = '2026-11-23T08:15:30.410Z';
    const { kid, privateKey } = this;
    return signReceipt({ schema: RECEIPT_SCHEMA, scaleId, ackedSeq, results: [], serverTime }, { kid, privateKey });
  }
}

/**
 * A broker with just enough of a backend behind it to answer scales: it remembers every message, byte for byte, and
 * signs receipts for the run of numbers that it has from 1 on. A test may let it be silent, or speak for it.
 */
export class ReceiptingBroker {
  readonly key = new TestReceiptKey();
  /** Every message on `weighings`, in the order of arrival. */
  readonly messages: HeardMessage[] = [];
  /** Every status that was announced, in the order of arrival. */
  readonly statuses: { readonly scaleId: string; readonly status: string }[] = [];
  isAnswering = true;
  private readonly seqs = new Map<string, Set<number>>();

  private constructor(
    private readonly broker: Aedes,
    private readonly server: Server,
    readonly port: number,
  ) {}

  /** @param port a free one by default; the port of a broker that was stopped, to take its place */
  static async start(port = 0): Promise<ReceiptingBroker> {
    const broker = await Aedes.createBroker();
    const server = createServer(broker.handle);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The test broker has no port');
    const receipting = new ReceiptingBroker(broker, server, address.port);
    await receipting.listen();
    return receipting;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }

  /** All numbers that arrived from a scale, with repetitions, in the order of arrival. */
  seqsFrom(scaleId: string): readonly number[] {
    return this.messages
      .filter((message) => message.scaleId === scaleId)
      .flatMap(({ reports }) => reports.map(({ seq }) => seq));
  }

  /** The end of the run of numbers from 1 on that arrived from a scale. */
  contiguousSeq(scaleId: string): number | null {
    const seen = this.seqs.get(scaleId) ?? new Set();
    let next = 1;
    while (seen.has(next)) next += 1;
    return next === 1 ? null : next - 1;
  }

  /** Sends a scale what a receipt's topic may carry. */
  async say(scaleId: string, payload: string): Promise<void> {
    const topic = scaleTopic(scaleId, 'receipts');
    await new Promise<void>((resolve, reject) => {
      const packet = { cmd: 'publish', topic, payload, qos: 1, retain: false, dup: false } as const;
      this.broker.publish(packet, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }

  async answer(scaleId: string): Promise<void> {
    await this.say(scaleId, this.key.receipt(scaleId, this.contiguousSeq(scaleId)));
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.broker.close(resolve);
    });
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async listen(): Promise<void> {
    await this.subscribe('weighings', (scaleId, text) => {
      const { reports } = contentOf(text);
      this.messages.push({ scaleId, text, reports });
      const seqs = this.seqs.get(scaleId) ?? new Set();
      for (const { seq } of reports) seqs.add(seq);
      this.seqs.set(scaleId, seqs);
      if (this.isAnswering) void this.answer(scaleId);
    });
    await this.subscribe('status', (scaleId, status) => {
      this.statuses.push({ scaleId, status });
    });
  }

  private async subscribe(channel: 'weighings' | 'status', hear: (scaleId: string, text: string) => void) {
    await new Promise<void>((resolve) => {
      this.broker.subscribe(
        channelFilter(channel),
        ({ topic, payload }, done) => {
          hear(parseScaleTopic(topic)?.scaleId ?? '', payload.toString());
          done();
        },
        () => {
          resolve();
        },
      );
    });
  }
}
