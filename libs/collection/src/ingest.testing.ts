import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { NestFactory } from '@nestjs/core';
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { v7 as uuidv7 } from 'uuid';
import { eventStoreMigrations, Streams, type EventStore } from '#event-store';
import { type MessageIntake } from '#mqtt';
import { openPlatform, PlatformModule, Settings, type OpenPlatform } from '#platform';
import {
  messageHash,
  scaleTopic,
  signMessage,
  verifyingKey,
  verifyReceipt,
  WEIGHING_REPORTS_SCHEMA,
  type PublicJwk,
  type ReceiptV1,
  type VerifyingKey,
  type WeighingReportV1,
} from '#protocol';
import { collectionEventTypes } from './event-types.js';
import { CollectionIngestModule } from './ingest.module.js';
import { CreateIngest1764028800220 } from './migrations/1764028800220-create-ingest.js';
import { municipalityDecider } from './municipality/municipality.decider.js';
import { municipalityStream } from './municipality/municipality.stream.js';
import { CardRegister, type RegisteredCard } from './record-weighing/card-register.js';
import { RewardConditions, type RewardCondition } from './record-weighing/reward-conditions.js';
import { ScaleRegister, type RegisteredScale } from './record-weighing/scale-register.js';
import { ScaleBroker } from './scale-traffic/scale-broker.js';
import { ScaleIntake } from './scale-traffic/scale-intake.js';
import { ScaleTraffic } from './scale-traffic/scale-traffic.js';

const MUNICIPALITY = 'beitillu';
const MATERIALS = ['plastic', 'glass'];

/** What the registers of other contexts would say. Tests change the lists while ingest runs. */
export interface World {
  readonly scales: RegisteredScale[];
  readonly cards: RegisteredCard[];
  readonly conditions: RewardCondition[];
}

export interface IngestOptions {
  /** Of an empty database. */
  readonly databaseUrl: string;
  readonly world: World;
  /** Puts something between ingest and the log: a delay, a failure. */
  readonly withStore?: (store: EventStore) => EventStore;
  /** A broker outside this process; the embedded one without it. */
  readonly mqttUrl?: string;
}

/** Ingest as an app composes it, on a real database and a real broker. */
export interface IngestUnderTest {
  /** Where scales connect. */
  readonly mqttUrl: string;
  readonly platform: OpenPlatform;
  /** Hands a message over as the broker does, which asks more questions than time allows where there are many. */
  readonly take: MessageIntake;
  /** With which receipts are signed. */
  readonly receiptKey: VerifyingKey;
  readonly stop: () => Promise<void>;
}

export async function startIngest({ databaseUrl, world, withStore, mqttUrl }: IngestOptions): Promise<IngestUnderTest> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'mizan-ingest-'));
  const settings = Settings.fromEnvironment({ MIZAN_DATA: dataDir, MQTT_PORT: '0', MQTT_URL: mqttUrl });
  const platform = await openPlatform(settings, databaseUrl, {
    eventTypes: collectionEventTypes,
    migrations: { core: [...eventStoreMigrations, CreateIngest1764028800220], readModel: [] },
  });
  await establish(new Streams(platform.eventStore, platform.registry));

  const store = withStore?.(platform.eventStore) ?? platform.eventStore;
  const ingest = CollectionIngestModule.register({
    providers: [
      { provide: ScaleRegister, useValue: new ListedScales(world) },
      { provide: CardRegister, useValue: new ListedCards(world) },
      { provide: RewardConditions, useValue: new ListedConditions(world) },
    ],
  });
  const modules = [CqrsModule.forRoot(), PlatformModule.forRoot({ ...platform, eventStore: store }), ingest];
  const app = await NestFactory.createApplicationContext(
    { module: IngestTestModule, imports: modules },
    { logger: false },
  );
  await app.get(ScaleTraffic).start();

  const { kid, publicJwk } = platform.keys.receiptKey;
  return {
    mqttUrl: mqttUrl ?? `mqtt://127.0.0.1:${app.get(ScaleBroker).port ?? 0}`,
    platform,
    take: (message) => app.get(ScaleIntake).take(message),
    receiptKey: verifyingKey(kid, publicJwk),
    stop: async () => {
      await app.close();
      await platform.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

@Module({})
class IngestTestModule {}

class ListedScales extends ScaleRegister {
  constructor(private readonly world: World) {
    super();
  }

  override find(scaleIds: readonly string[]): Promise<readonly RegisteredScale[]> {
    return Promise.resolve(this.world.scales.filter(({ scaleId }) => scaleIds.includes(scaleId)));
  }

  override list(afterScaleId: string, max: number): Promise<readonly RegisteredScale[]> {
    const byId = this.world.scales.toSorted((a, b) => (a.scaleId < b.scaleId ? -1 : 1));
    return Promise.resolve(byId.filter(({ scaleId }) => scaleId > afterScaleId).slice(0, max));
  }
}

class ListedCards extends CardRegister {
  constructor(private readonly world: World) {
    super();
  }

  override find(asked: readonly { cardHash: string }[]): Promise<readonly RegisteredCard[]> {
    const hashes = new Set(asked.map(({ cardHash }) => cardHash));
    return Promise.resolve(this.world.cards.filter(({ cardHash }) => hashes.has(cardHash)));
  }
}

class ListedConditions extends RewardConditions {
  constructor(private readonly world: World) {
    super();
  }

  override ofMunicipalities(): Promise<readonly RewardCondition[]> {
    return Promise.resolve(this.world.conditions);
  }
}

/** A municipality that collects two materials. Doing it again changes nothing. */
async function establish(streams: Streams): Promise<void> {
  const metadata = { municipalityId: MUNICIPALITY, correlationId: 'test', causationId: 'test', actor: 'system' };
  const name = { ar: 'بيتللو', en: 'Beitillu' };
  const stream = municipalityStream(MUNICIPALITY);
  const municipality = {
    municipalityId: MUNICIPALITY,
    name,
    timeZone: 'Asia/Hebron',
    currency: { code: 'ILS', decimals: 2 },
  };
  await streams.decide(municipalityDecider, stream, { type: 'EstablishMunicipality', ...municipality }, { metadata });
  for (const material of MATERIALS) {
    const looks = { colour: '#123456', pictogram: material, wasteCode: '20 01 39' };
    const command = { type: 'ListMaterial', municipalityId: MUNICIPALITY, material, name, ...looks } as const;
    await streams.decide(municipalityDecider, stream, command, { metadata });
  }
}

/** A scale that says exactly what a test wants it to say. */
export class TestScale {
  readonly receipts: ReceiptV1[] = [];
  private readonly keys = generateKeyPairSync('ed25519');
  private seq = 0;
  private client: MqttClient | undefined;

  constructor(
    readonly scaleId: string,
    readonly trust: 'signed' | 'unsigned' = 'signed',
  ) {}

  get kid(): string {
    return `${this.scaleId}-key`;
  }

  get privateKey(): KeyObject {
    return this.keys.privateKey;
  }

  registered(overrides: Partial<RegisteredScale> = {}): RegisteredScale {
    const key = this.keys.publicKey.export({ format: 'jwk' }) as unknown as PublicJwk;
    return {
      scaleId: this.scaleId,
      municipalityId: MUNICIPALITY,
      pointId: 'school',
      trust: this.trust === 'signed' ? { kind: 'signed', kid: this.kid, key } : { kind: 'unsigned' },
      capacityGrams: 60_000,
      minimumGrams: 400,
      intervalGrams: 20,
      verifiedUntil: '2099-12-31T23:59:59.000Z',
      firstSeq: this.trust === 'signed' ? 1 : null,
      ...overrides,
    };
  }

  async connect(
    { mqttUrl, receiptKey }: Pick<IngestUnderTest, 'mqttUrl' | 'receiptKey'>,
    options: IClientOptions = {},
  ) {
    const client = await connectAsync(mqttUrl, { reconnectPeriod: 20, ...options });
    client.on('error', () => undefined);
    client.on('message', (_, payload) => {
      const receipt = verifyReceipt(payload, receiptKey);
      if (receipt) this.receipts.push(receipt);
    });
    await client.subscribeAsync(scaleTopic(this.scaleId, 'receipts'), { qos: 1 });
    this.client = client;
  }

  async disconnect(): Promise<void> {
    await this.client?.endAsync(true);
  }

  /** The next report, with the next number. */
  report(overrides: Partial<WeighingReportV1> = {}): WeighingReportV1 {
    this.seq += 1;
    return {
      seq: this.seq,
      weighingId: uuidv7(),
      weighedAt: new Date().toISOString(),
      clock: 'ntp',
      monotonicMs: 82_311,
      card: null,
      material: 'plastic',
      grossGrams: 2_350,
      tareGrams: 400,
      stable: true,
      entry: 'measured',
      alibiId: null,
      frame: null,
      ...overrides,
    };
  }

  /** The bytes of a message with these reports. */
  message(reports: readonly unknown[], envelope: Readonly<Record<string, unknown>> = {}): Buffer {
    const payload = Buffer.from(
      JSON.stringify({
        schema: WEIGHING_REPORTS_SCHEMA,
        scaleId: this.scaleId,
        bootId: '0f6c0c1e-5d4b-4c47-9a44-8a1d2f3b9c10',
        previous: messageHash(Buffer.from('the message before')),
        reports,
        ...envelope,
      }),
    );
    return this.trust === 'unsigned' ? payload : Buffer.from(signMessage(payload, this));
  }

  /** Resolves when the broker has acknowledged it. */
  async send(message: Buffer | string, topic = scaleTopic(this.scaleId, 'weighings')): Promise<void> {
    if (!this.client) throw new Error('not connected');
    await this.client.publishAsync(topic, message, { qos: 1 });
  }
}
