import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { CONTEXTS } from '#composition';
import { Accounts, type Role, ROLES } from '#identity';
import { configureHttp, HTTP_APPLICATION_OPTIONS, openPlatform, Settings, type OpenPlatform } from '#platform';
import { ApiModule } from '../../apps/api/src/api.module.js';
import { startTestDatabase, type TestDatabase } from '../support/test-database.js';

const EVERYBODY = 'everybody';
const EVERY_ROLE = ROLES;

/** Whom each route of the product is for. A route that is not written here does not pass. */
const ACCESS: Readonly<Record<string, typeof EVERYBODY | readonly Role[]>> = {
  'GET /health/live': EVERYBODY,
  'GET /health/ready': EVERYBODY,
  'GET /metrics': EVERYBODY,
  'GET /.well-known/jwks.json': EVERYBODY,
  'GET /api/openapi.json': EVERYBODY,
  'GET /api/docs': EVERYBODY,
  'GET /api/docs/': EVERYBODY,
  'GET /api/docs/index.html': EVERYBODY,
  'GET /api/docs/LICENSE': EVERYBODY,
  'GET /api/docs/swagger-ui-init.js': EVERYBODY,
  'GET /api/docs/docs/swagger-ui-init.js': EVERYBODY,

  'POST /api/v1/session': EVERYBODY,
  'DELETE /api/v1/session': EVERYBODY,
  'GET /api/v1/session': EVERY_ROLE,
  'GET /api/v1/demo': EVERYBODY,

  'GET /api/v1/materials': EVERY_ROLE,
  'GET /api/v1/points': EVERY_ROLE,
  'GET /api/v1/weighings/live': EVERY_ROLE,
  'GET /api/v1/weighings/recent': EVERY_ROLE,
  'GET /api/v1/weighings': ['operator', 'clerk'],
  'GET /api/v1/quarantine': ['operator', 'clerk'],

  'GET /api/v1/households': ['clerk'],
  'POST /api/v1/households': ['clerk'],
  'POST /api/v1/households/:householdId/cards': ['clerk'],
  'GET /api/v1/households/:householdId/balance': ['clerk', 'household'],
  'GET /api/v1/households/:householdId/weighings': ['clerk', 'household'],
  'GET /api/v1/households/:householdId/growth': ['clerk', 'household'],

  'GET /api/v1/scheme': EVERY_ROLE,
  'GET /api/v1/stocks': ['operator', 'clerk', 'recycler'],
  'GET /api/v1/stocks/growth': ['operator', 'clerk', 'recycler'],
  'GET /api/v1/scales': ['operator', 'clerk'],
  'POST /api/v1/scales': ['clerk'],
};

const PASSWORD = 'correct horse battery staple';
const OWN_HOUSEHOLD = '01931d5e-7c1a-7cc3-9d6e-3a5b1c2d4e5f';
const OTHER_HOUSEHOLD = '01931d5e-7c1a-7cc3-9d6e-000000000000';

let test: TestDatabase;
let dataDir: string;
let platform: OpenPlatform;
let app: NestExpressApplication;
let url: string;
const cookies = new Map<Role, string>();

beforeAll(async () => {
  test = await startTestDatabase();
  dataDir = await mkdtemp(path.join(tmpdir(), 'mizan-access-'));
  const settings = Settings.fromEnvironment({ MIZAN_DATA: dataDir });
  platform = await openPlatform(settings, test.url, CONTEXTS);
  const testing = await Test.createTestingModule({ imports: [ApiModule.forRoot(platform)] }).compile();
  app = testing.createNestApplication<NestExpressApplication>(HTTP_APPLICATION_OPTIONS);
  configureHttp(app);
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
  for (const role of ROLES) cookies.set(role, await cookieOf(role));
});
afterAll(async () => {
  await app.close();
  await platform.close();
  await test.stop();
  await rm(dataDir, { recursive: true });
});

/** No projector runs here, so nobody can sign in by the route: it would ask for the municipality. */
async function cookieOf(role: Role): Promise<string> {
  const account = await app.get(Accounts, { strict: false }).ensure({
    login: role,
    password: PASSWORD,
    name: role,
    role,
    municipalityId: 'beitillu',
    householdId: role === 'household' ? OWN_HOUSEHOLD : null,
    demo: false,
  });
  const token = 'A'.repeat(42) + String(ROLES.indexOf(role));
  await platform.database.query(
    `INSERT INTO identity.session (token_hash, account_id, started_at, used_at)
     VALUES (sha256($1::bytea), $2, now(), now())`,
    [Buffer.from(token), account.accountId],
  );
  return `mizan_session=${token}`;
}

interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
}

/** Every route that Express knows, whoever registered it; `ANY` stands for one that takes every method. */
function registeredRoutes(): readonly string[] {
  const express = app.getHttpAdapter().getInstance() as unknown as {
    readonly router: { readonly stack: readonly Layer[] };
  };
  return express.router.stack.flatMap(({ route }) => {
    if (!route) return [];
    const methods = Object.keys(route.methods);
    return methods.length === 1 ? [`${methods.join().toUpperCase()} ${route.path}`] : [`ANY ${route.path}`];
  });
}

/** The status alone: a live stream has no end to wait for. */
async function ask(route: string, role?: Role): Promise<{ readonly status: number; readonly code: unknown }> {
  const [method = '', address = ''] = route.split(' ');
  const stop = new AbortController();
  const answer = await fetch(url + address.replace(':householdId', OWN_HOUSEHOLD), {
    method,
    signal: stop.signal,
    headers: {
      'Content-Type': 'application/json',
      ...(role !== undefined && { Cookie: cookies.get(role) ?? '' }),
    },
    ...(method === 'POST' && { body: '{}' }),
  });
  const isProblem = answer.headers.get('Content-Type')?.startsWith('application/problem+json') === true;
  const code = isProblem ? ((await answer.json()) as { code: unknown }).code : undefined;
  stop.abort();
  return { status: answer.status, code };
}

const routesFor = (isFor: (access: (typeof ACCESS)[string]) => boolean) =>
  Object.entries(ACCESS).flatMap(([route, access]) => (isFor(access) ? [route] : []));

describe('the routes', () => {
  it('are those of the table, and no other', () => {
    const routes = registeredRoutes().filter((route) => !route.startsWith('ANY '));
    expect([...new Set(routes)].toSorted()).toEqual(Object.keys(ACCESS).toSorted());
  });

  it('take the methods of the table, and no other', async () => {
    const any = registeredRoutes().filter((route) => route.startsWith('ANY '));
    expect(any).not.toHaveLength(0);
    // Nest's own answer to what is not there, for addresses outside the prefix of the interface.
    for (const route of any) {
      expect(await ask(route.replace('ANY', 'PATCH'), 'clerk')).toEqual({ status: 404, code: 'not-found' });
    }
  });
});

describe('somebody without a session', () => {
  it.each(routesFor((access) => access !== EVERYBODY))('is asked to sign in by %s', async (route) => {
    expect(await ask(route)).toEqual({ status: 401, code: 'not-signed-in' });
  });

  it.each(routesFor((access) => access === EVERYBODY))('is answered by %s', async (route) => {
    const { code } = await ask(route);
    expect(['not-signed-in', 'not-allowed', 'internal']).not.toContain(code);
  });
});

describe.each(ROLES)('the role %s', (role) => {
  it.each(routesFor((access) => access !== EVERYBODY && access.includes(role)))('is let in by %s', async (route) => {
    const { status, code } = await ask(route, role);
    expect([401, 403, 500]).not.toContain(status);
    expect(['not-signed-in', 'not-allowed', 'not-found', 'internal']).not.toContain(code);
  });

  const refused = routesFor((access) => access !== EVERYBODY && !access.includes(role));
  if (refused.length > 0) {
    it.each(refused)('is refused by %s', async (route) => {
      expect(await ask(route, role)).toEqual({ status: 403, code: 'not-allowed' });
    });
  }
});

describe('the account of a household', () => {
  it.each(['balance', 'weighings', 'growth'])(
    'learns nothing of the %s of another, not even that it exists',
    async (question) => {
      const of = async (householdId: string) => {
        const answer = await fetch(`${url}/api/v1/households/${householdId}/${question}`, {
          headers: { Cookie: cookies.get('household') ?? '', 'X-Correlation-Id': 'same' },
        });
        return (await answer.text()).replaceAll(householdId, 'it');
      };
      const other = await of(OTHER_HOUSEHOLD);
      expect(JSON.parse(other)).toMatchObject({ status: 404, code: 'household-not-found' });
      // Its own is not registered here either: the answers are the same to the letter.
      expect(other).toBe(await of(OWN_HOUSEHOLD));
    },
  );
});
