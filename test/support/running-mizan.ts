import { NestFactory } from '@nestjs/core';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { ScaleBroker, ScaleTraffic } from '#collection';
import { CONTEXTS } from '#composition';
import { configureHttp, HTTP_APPLICATION_OPTIONS, openPlatform, Settings, type OpenPlatform } from '#platform';
import { PublishedDemoAccounts } from '../../apps/mizan/src/demo/demo-municipality.js';
import { MizanModule } from '../../apps/mizan/src/mizan.module.js';

/**
 * Broker, ingest, projector and api as one process has them, in this one, on a given PostgreSQL. It can be stopped and
 * started again on the same database and data folder.
 */
export class RunningMizan {
  private constructor(
    readonly platform: OpenPlatform,
    readonly app: NestExpressApplication,
  ) {}

  /** @param isDemo whether accounts of a demo may be made, and are shown; nothing is loaded by itself */
  static async start({
    databaseUrl,
    dataDir,
    isDemo = false,
  }: {
    databaseUrl: string;
    dataDir: string;
    isDemo?: boolean;
  }): Promise<RunningMizan> {
    const MIZAN_DEMO = isDemo ? '1' : '0';
    const settings = Settings.fromEnvironment({ MIZAN_DATA: dataDir, PORT: '0', MQTT_PORT: '0', MIZAN_DEMO });
    const platform = await openPlatform(settings, databaseUrl, CONTEXTS);
    const demo = isDemo ? new PublishedDemoAccounts() : undefined;
    const app = await NestFactory.create<NestExpressApplication>(MizanModule.forRoot(platform, demo), {
      ...HTTP_APPLICATION_OPTIONS,
      abortOnError: false,
      logger: ['error', 'fatal'],
    });
    configureHttp(app);
    await app.listen(0, '127.0.0.1');
    await app.get(ScaleTraffic).start();
    return new RunningMizan(platform, app);
  }

  get brokerUrl(): string {
    return `mqtt://127.0.0.1:${this.app.get(ScaleBroker).port ?? 0}`;
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.platform.close();
  }
}
