import { existsSync } from 'node:fs';
import path from 'node:path';
import { type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { CONTEXTS } from '#composition';
import { PortTaken } from '#mqtt';
import { configureHttp, givenDatabase, HTTP_APPLICATION_OPTIONS, openPlatform, type Settings } from '#platform';
import { ApiModule } from './api.module.js';

/** Where the build puts the pages, seen from the built program. */
const WEB_ROOT = path.resolve(import.meta.dirname, '../../../web');

/** The api as a process of its own, beside ingest and projector. */
export class Api {
  private constructor(
    private readonly app: INestApplication,
    private readonly closePlatform: () => Promise<void>,
  ) {}

  /**
   * Brings the database up to date and listens. Serves the pages too, where they are built.
   * @throws NoDatabase, DatabaseUnavailable, PortTaken
   */
  static async start(settings: Settings): Promise<Api> {
    const { port, host } = settings;
    const databaseUrl = await givenDatabase(settings, 'The api');
    const platform = await openPlatform(settings, databaseUrl, CONTEXTS);
    const app = await NestFactory.create<NestExpressApplication>(ApiModule.forRoot(platform), {
      ...HTTP_APPLICATION_OPTIONS,
      abortOnError: false,
      logger: ['error', 'warn', 'fatal'],
    });
    const api = new Api(app, platform.close);
    try {
      configureHttp(app, existsSync(WEB_ROOT) ? { webRoot: WEB_ROOT } : {});
      await app.listen(port, host);
      return api;
    } catch (error) {
      await api.stop();
      throw isTaken(error) ? new PortTaken(host, port, 'PORT') : error;
    }
  }

  /** Where it listens. */
  url(): Promise<string> {
    return this.app.getUrl();
  }

  /** Lets running answers finish, ends live streams, and closes everything. */
  async stop(): Promise<void> {
    await this.app.close();
    await this.closePlatform();
  }
}

function isTaken(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EADDRINUSE';
}
