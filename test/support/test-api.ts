import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Global, Module, type Provider, type Type } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import supertest from 'supertest';
import { type DataSource } from 'typeorm';
import { eventStoreMigrations, EventStore, START, type EventType, type Position } from '#event-store';
import { Accounts, identityMigrations, IdentityModule, MunicipalityDirectory, type Role } from '#identity';
import { type Clock } from '#kernel';
import {
  configureHttp,
  HTTP_APPLICATION_OPTIONS,
  HttpModule,
  openPlatform,
  PlatformModule,
  platformMigrations,
  Settings,
  type Migration,
  type OpenPlatform,
} from '#platform';
import {
  ProjectorModule,
  ReadModelModule,
  ReadModelProgress,
  subscriptionsMigrations,
  subscriptionsReadModelMigrations,
  type Projection,
} from '#subscriptions';
import { type SampleEvent } from '#subscriptions/testing';
import { startTestDatabase, type TestDatabase } from './test-database.js';

const PASSWORD = 'correct horse battery staple';
const CAUGHT_UP_MS_MAX = 20_000;

/** What of the product is under test; everything around it is the real thing. */
export interface TestApiParts {
  readonly modules: readonly Type[];
  /** Answers to the ports that the modules ask. */
  readonly ports?: readonly Provider[];
  readonly eventTypes: readonly EventType[];
  readonly projections: readonly Projection[];
  readonly migrations: { readonly core?: readonly Migration[]; readonly readModel: readonly Migration[] };
  readonly clock?: Clock;
}

/** Who asks. */
export interface SomebodySignedIn {
  readonly role: Role;
  /** `beitillu` unless given. */
  readonly municipalityId?: string;
  readonly householdId?: string;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Somebody's client, with a session of its own. */
export interface SignedIn {
  /** @param path below `/api/v1`, with its query */
  get(path: string): Promise<Answer>;
  post(path: string, body: object): Promise<Answer>;
  /** Of the session, for requests that are not made here. */
  readonly cookie: string;
}

/** An api with its projector, on a database of its own. */
export interface TestApi {
  readonly url: string;
  readonly database: DataSource;
  /** A provider of the application. */
  get<T>(token: Type<T>): T;
  as(somebody: SomebodySignedIn): Promise<SignedIn>;
  /** Puts facts into the log and waits until they can be read. */
  append(...samples: readonly SampleEvent[]): Promise<Position>;
  /** Puts facts into the log, and waits for nothing. */
  appendOnly(...samples: readonly SampleEvent[]): Promise<Position>;
  close(): Promise<void>;
}

/** Listens on a port of its own, with real sessions and a real projector. */
export async function startTestApi(parts: TestApiParts): Promise<TestApi> {
  const test = await startTestDatabase();
  const dataDir = await mkdtemp(path.join(tmpdir(), 'mizan-api-'));
  const platform = await openPlatform(Settings.fromEnvironment({ MIZAN_DATA: dataDir }), test.url, {
    eventTypes: parts.eventTypes,
    migrations: {
      core: [
        ...eventStoreMigrations,
        ...subscriptionsMigrations,
        ...platformMigrations,
        ...identityMigrations,
        ...(parts.migrations.core ?? []),
      ],
      readModel: [...subscriptionsReadModelMigrations, ...parts.migrations.readModel],
    },
  });
  const app = await startApplication(parts, platform);
  let logins = 0;
  return {
    url: await app.getUrl(),
    database: platform.database,
    get: (token) => app.get(token, { strict: false }),
    as: (somebody) => signIn(app, somebody, `somebody-${(logins += 1)}`),
    appendOnly: (...samples) => append(app, samples),
    async append(...samples) {
      const position = await append(app, samples);
      await app.get(ReadModelProgress).waitFor(position, { timeoutMs: CAUGHT_UP_MS_MAX });
      return position;
    },
    close: () => close(app, platform, test, dataDir),
  };
}

async function startApplication(
  { modules, ports = [], projections, clock }: TestApiParts,
  platform: OpenPlatform,
): Promise<NestExpressApplication> {
  @Global()
  @Module({
    providers: [...ports, AnyMunicipality],
    exports: [...ports, AnyMunicipality],
  })
  class TestPorts {}

  const testing = await Test.createTestingModule({
    imports: [
      PlatformModule.forRoot({ ...platform, ...(clock && { clock }) }),
      CqrsModule.forRoot(),
      ReadModelModule.forRoot(projections),
      ProjectorModule.forRoot(projections),
      HttpModule,
      TestPorts,
      IdentityModule.forRoot({ municipalities: AnyMunicipality, imports: [TestPorts] }),
      ...modules,
    ],
  }).compile();
  const app = testing.createNestApplication<NestExpressApplication>(HTTP_APPLICATION_OPTIONS);
  configureHttp(app);
  await app.listen(0, '127.0.0.1');
  return app;
}

class AnyMunicipality extends MunicipalityDirectory {
  find(municipalityId: string) {
    const name = { ar: 'بيتللو', en: 'Beitillu' };
    return Promise.resolve({
      municipalityId,
      name,
      timeZone: 'Asia/Hebron',
      currency: { code: 'ILS', decimals: 2 },
    });
  }
}

async function signIn(app: NestExpressApplication, somebody: SomebodySignedIn, login: string): Promise<SignedIn> {
  const { role, municipalityId = 'beitillu', householdId = null } = somebody;
  await app
    .get(Accounts, { strict: false })
    .ensure({ login, password: PASSWORD, name: login, role, municipalityId, householdId, demo: false });
  const agent = supertest.agent(app.getHttpServer());
  const { headers } = await agent.post('/api/v1/session').send({ login, password: PASSWORD }).expect(200);
  const answerOf = ({ status, body }: { status: number; body: unknown }): Answer => ({ status, body });
  return {
    get: async (route) => answerOf(await agent.get(`/api/v1${route}`)),
    post: async (route, body) => answerOf(await agent.post(`/api/v1${route}`).send(body)),
    cookie: String(headers['set-cookie']).split(';')[0] ?? '',
  };
}

async function append(app: NestExpressApplication, samples: readonly SampleEvent[]): Promise<Position> {
  const results = await app.get(EventStore).appendBatch(
    samples.map(({ type, data, id = crypto.randomUUID(), schemaVersion = 1, municipalityId = 'beitillu', stream }) => ({
      stream: stream ?? `sample-${crypto.randomUUID()}`,
      expected: 'any',
      events: [
        {
          id,
          type,
          schemaVersion,
          data,
          metadata: { municipalityId, correlationId: 'sample', causationId: 'sample', actor: 'system' },
        },
      ],
    })),
  );
  const last = results.at(-1);
  if (last?.outcome === 'conflict') throw last.error;
  return last?.position ?? START;
}

async function close(
  app: NestExpressApplication,
  platform: OpenPlatform,
  test: TestDatabase,
  dataDir: string,
): Promise<void> {
  await app.close();
  await platform.close();
  await test.stop();
  await rm(dataDir, { recursive: true });
}
