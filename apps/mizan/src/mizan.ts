import { createServer } from 'node:net';
import path from 'node:path';
import { NestFactory } from '@nestjs/core';
import { CommandBus } from '@nestjs/cqrs';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { ScaleTraffic } from '#collection';
import { CONTEXTS } from '#composition';
import { Accounts } from '#identity';
import { PortTaken } from '#mqtt';
import {
  awaitDatabase,
  configureHttp,
  dropReadModel,
  EmbeddedPostgres,
  HTTP_APPLICATION_OPTIONS,
  migrate,
  type OpenPlatform,
  openDatabase,
  openPlatform,
  Settings,
} from '#platform';
import { ensureReadModel, ReadModelProgress } from '#subscriptions';
import { DemoMunicipality, PublishedDemoAccounts } from './demo/demo-municipality.js';
import { DemoScales } from './demo/demo-scales.js';
import { MizanModule } from './mizan.module.js';
import { brokerUrlOf, welcome } from './welcome.js';

const WEB_ROOT = path.resolve(import.meta.dirname, '../../../web');

type Say = (line: string) => void;

/** The whole of Mizan in this process, on embedded engines where the settings name no others. */
export class Mizan {
  private constructor(private readonly undo: readonly (() => Promise<unknown>)[]) {}

  /**
   * Starts everything, in the order in which one thing needs another, and says what it does.
   * @throws InvalidSettings, PortTaken, DataFolderInUse, NoPostgresBinaries, DatabaseUnavailable; what was started by then is stopped again
   */
  static async start(env: Readonly<Record<string, string | undefined>>, say: Say): Promise<Mizan> {
    const undo: (() => Promise<unknown>)[] = [];
    try {
      await startAll(Settings.fromEnvironment(env), say, undo);
      return new Mizan(undo);
    } catch (error) {
      await stopAll(undo);
      throw error;
    }
  }

  /** Stops in the reverse order: nothing is heard any more, what was heard is made durable, then engines end. */
  stop(): Promise<void> {
    return stopAll(this.undo);
  }
}

async function startAll(settings: Settings, say: Say, undo: (() => Promise<unknown>)[]): Promise<void> {
  // Before anything is started that would have to be stopped again.
  await requireFreePort(settings.host, settings.port, 'PORT');
  if (settings.mqttUrl === undefined) await requireFreePort(settings.host, settings.mqttPort, 'MQTT_PORT');

  const databaseUrl = await databaseOf(settings, say, undo);
  say('Bringing the database up to date …');
  await migrateAll(databaseUrl, say);
  const platform = await openPlatform(settings, databaseUrl, {
    ...CONTEXTS,
    onNotice: say,
  });
  undo.push(platform.close);

  const app = await createApp(platform);
  undo.push(() => app.close());
  // Projections run from here on; who asks whether we are ready is answered when there is something to see.
  await app.init();
  const demo = settings.demo ? await loadDemo(app, settings, say) : undefined;
  await app.get(ScaleTraffic).start();
  await app.listen(settings.port, settings.host);
  say(welcome(settings));
  if (!demo) return;
  undo.push(() => demo.scales.stop());
  const receiptKey = platform.keys.receiptKey.publicJwk;
  await demo.scales.start({ brokerUrl: brokerUrlOf(settings), receiptKey }, demo.refused);
}

async function loadDemo(app: NestExpressApplication, settings: Settings, say: Say) {
  say('Loading the demo municipality …');
  const scales = await DemoScales.prepare(settings, Date.now());
  const municipality = new DemoMunicipality(app.get(CommandBus), app.get(Accounts), app.get(ReadModelProgress));
  const refused = await municipality.load(scales.registrations);
  return { scales, refused };
}

async function databaseOf(settings: Settings, say: Say, undo: (() => Promise<unknown>)[]): Promise<string> {
  if (settings.databaseUrl !== undefined) {
    await awaitDatabase(settings.databaseUrl, { onNotice: say });
    return settings.databaseUrl;
  }
  say('Starting PostgreSQL …');
  const postgres = await EmbeddedPostgres.start(settings);
  undo.push(() => postgres.stop());
  return postgres.url;
}

async function migrateAll(databaseUrl: string, say: Say): Promise<void> {
  const database = await openDatabase(databaseUrl, { poolSize: 1 });
  try {
    const missing = await ensureReadModel(database, CONTEXTS.projections, {
      migrate: () => migrate(databaseUrl, CONTEXTS.migrations),
      drop: () => dropReadModel(database),
    });
    if (missing.length > 0)
      say(`Read-model tables were missing (${missing.join(', ')}): filling them from the log again.`);
  } finally {
    await database.destroy();
  }
}

async function createApp(platform: OpenPlatform): Promise<NestExpressApplication> {
  const demo = platform.settings.demo ? new PublishedDemoAccounts() : undefined;
  const app = await NestFactory.create<NestExpressApplication>(MizanModule.forRoot(platform, demo), {
    ...HTTP_APPLICATION_OPTIONS,
    abortOnError: false,
    logger: ['error', 'warn', 'fatal'],
  });
  configureHttp(app, { webRoot: WEB_ROOT });
  return app;
}

/** @throws PortTaken */
async function requireFreePort(host: string, port: number, setting: string): Promise<void> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new PortTaken(host, port, setting) : error);
    });
    probe.listen(port, host, () => probe.close(() => resolve()));
  });
}

/** One failure must not keep the rest from being stopped; the first is reported. */
async function stopAll(undo: readonly (() => Promise<unknown>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of undo.toReversed()) await step().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}
