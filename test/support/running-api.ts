import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CommandBus, CqrsModule, type Command } from '@nestjs/cqrs';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import supertest from 'supertest';
import { CollectionApiModule, MunicipalityDirectoryReader } from '#collection';
import { CONTEXTS, PortsModule } from '#composition';
import { type EventMetadata, type Position } from '#event-store';
import { Accounts, IdentityModule, type Role } from '#identity';
import {
  configureHttp,
  HTTP_APPLICATION_OPTIONS,
  HttpModule,
  openPlatform,
  PlatformModule,
  Settings,
  type OpenPlatform,
} from '#platform';
import { ProjectorModule, ReadModelModule, ReadModelProgress } from '#subscriptions';
import { startTestDatabase, type TestDatabase } from './test-database.js';

const PASSWORD = 'correct horse battery staple';
const CATCH_UP_MS_MAX = 10_000;

export type Agent = ReturnType<typeof supertest.agent>;

/** What was answered. Nothing is known of it before it is compared. */
export function bodyOf({ body }: { readonly body: unknown }): unknown {
  return body;
}

/** Who signs in, and where. */
export interface Person {
  readonly role: Role;
  /** `beitillu` unless given. */
  readonly municipalityId?: string;
  /** For a household, whose account it is. */
  readonly householdId?: string;
}

/** The api and the projector of an installation in this process, on a real PostgreSQL. Without scales and a broker. */
export class RunningApi {
  private constructor(
    private readonly test: TestDatabase,
    private readonly dataDir: string,
    readonly platform: OpenPlatform,
    readonly app: NestExpressApplication,
  ) {}

  static async start(): Promise<RunningApi> {
    const test = await startTestDatabase();
    const dataDir = await mkdtemp(path.join(tmpdir(), 'mizan-api-'));
    const settings = Settings.fromEnvironment({ MIZAN_DATA: dataDir });
    const platform = await openPlatform(settings, test.url, CONTEXTS);
    const testing = await Test.createTestingModule({
      imports: [
        PlatformModule.forRoot(platform),
        CqrsModule.forRoot(),
        ReadModelModule.forRoot(CONTEXTS.projections),
        ProjectorModule.forRoot(CONTEXTS.projections),
        HttpModule,
        PortsModule,
        IdentityModule.forRoot({ municipalities: MunicipalityDirectoryReader, imports: [CollectionApiModule] }),
      ],
    }).compile();
    const app = testing.createNestApplication<NestExpressApplication>(HTTP_APPLICATION_OPTIONS);
    configureHttp(app);
    await app.listen(0, '127.0.0.1');
    return new RunningApi(test, dataDir, platform, app);
  }

  /** Executes commands as the installation itself, one after the other, and waits until they can be seen. */
  async setUp(
    municipalityId: string,
    commands: readonly ((metadata: EventMetadata) => Command<{ readonly position: Position }>)[],
  ): Promise<void> {
    const metadata = { municipalityId, correlationId: 'setup', causationId: 'setup', actor: 'system' };
    for (const command of commands) {
      const { position } = await this.app.get(CommandBus).execute(command(metadata));
      await this.app.get(ReadModelProgress).waitFor(position, { timeoutMs: CATCH_UP_MS_MAX });
    }
  }

  /** Somebody without a session. */
  anybody(): Agent {
    return supertest.agent(this.app.getHttpServer());
  }

  /** Somebody with an account, signed in. */
  async signIn({ role, municipalityId = 'beitillu', householdId }: Person): Promise<Agent> {
    const login = `${role}@${municipalityId}`;
    await this.app.get(Accounts).ensure({
      login,
      password: PASSWORD,
      name: login,
      role,
      municipalityId,
      householdId: householdId ?? null,
      demo: false,
    });
    const agent = this.anybody();
    await agent.post('/api/v1/session').send({ login, password: PASSWORD }).expect(200);
    return agent;
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.platform.close();
    await this.test.stop();
    await rm(this.dataDir, { recursive: true });
  }
}
