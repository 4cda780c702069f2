import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, HttpCode, Logger, Module, Post, Query, Sse, type MessageEvent } from '@nestjs/common';
import { IsIn, IsInt, Max } from 'class-validator';
import { type Observable, of } from 'rxjs';
import { Allow, ROLES } from '#identity';
import { DomainError } from '#kernel';
import { FixedClock } from '#kernel/testing';
import { LiveStreams, ListQuery } from '#platform';
import { load, MaterialTally, materialTallyMigrations } from '../../../subscriptions/src/material-tally.testing.js';
import { eventually } from '../../../../test/support/eventually.js';
import { startTestApi, type SignedIn, type TestApi } from '../../../../test/support/test-api.js';
import { IdempotencyKeys } from './idempotency/idempotency-keys.js';

class PointNotOpen extends DomainError {
  readonly code = 'point-not-open';
}

class NobodyWroteTextsForThis extends DomainError {
  readonly code = 'poison-event';
}

class SampleCommandDto {
  @IsIn(['count', 'refuse', 'break', 'poison', 'wait'])
  readonly what!: string;

  @IsInt()
  @Max(1_000)
  readonly grams!: number;
}

/** What the routes did, and what holds them up. */
const sample = { carriedOut: 0, gate: Promise.resolve() };

@Controller('samples')
class SampleController {
  constructor(private readonly streams: LiveStreams) {}

  @Post()
  @Allow('clerk')
  async carryOut(@Body() { what, grams }: SampleCommandDto): Promise<object> {
    sample.carriedOut += 1;
    if (what === 'refuse') throw new PointNotOpen('No such point', { pointId: 'mill' });
    if (what === 'poison') throw new NobodyWroteTextsForThis('the secret of the sea');
    if (what === 'break') throw new Error('password=hunter2');
    if (what === 'wait') await sample.gate;
    return { grams, carriedOut: sample.carriedOut };
  }

  @Post('nothing')
  @HttpCode(204)
  @Allow('clerk')
  answerNothing(): void {
    sample.carriedOut += 1;
  }

  @Get()
  @Allow(...ROLES)
  list(@Query() { limit }: ListQuery): object {
    return { limit };
  }

  @Get('forgotten')
  forgotten(): object {
    return { secret: 'nobody said whom this is for' };
  }

  @Sse('live')
  @Allow(...ROLES)
  live(): Observable<MessageEvent> {
    return this.streams.stream(of({ id: '7', type: 'weighing', data: { netGrams: 1_950 } }));
  }
}

@Module({ controllers: [SampleController] })
class SampleModule {}

const clock = new FixedClock('2026-11-23T08:00:00.000Z');
let api: TestApi;
let clerk: SignedIn;
let other: SignedIn;

/** What an operator finds in the log. */
const logged: string[] = [];

beforeAll(async () => {
  api = await startTestApi({
    modules: [SampleModule],
    eventTypes: [
      { type: 'LoadWeighed', schemaVersion: 1 },
      { type: 'LoadVoided', schemaVersion: 1 },
    ],
    projections: [new MaterialTally()],
    migrations: { readModel: materialTallyMigrations },
    clock,
  });
  const ignore = () => undefined;
  const error = (...parts: readonly unknown[]) => logged.push(parts.join(' '));
  Logger.overrideLogger({ log: ignore, warn: ignore, error });
  clerk = await api.as({ role: 'clerk' });
  other = await api.as({ role: 'clerk' });
});
afterAll(() => api.close());
beforeEach(() => {
  clock.moveTo('2026-11-23T08:00:00.000Z');
  sample.carriedOut = 0;
});

interface Sent {
  readonly who?: SignedIn;
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** As raw as HTTP is: what a client of ours would never send, too. */
function send(path: string, { who = clerk, method, body, headers = {} }: Sent = {}): Promise<Response> {
  return fetch(`${api.url}${path}`, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: { Cookie: who.cookie, 'Content-Type': 'application/json', ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}

const command = (body: object, headers: Record<string, string> = {}, who = clerk) =>
  send('/api/v1/samples', { who, body, headers });

describe('a problem', () => {
  it('is a problem document with a stable code', async () => {
    const answer = await command({ what: 'refuse', grams: 1 });
    expect(answer.status).toBe(409);
    expect(answer.headers.get('Content-Type')).toMatch(/^application\/problem\+json/);
    expect(answer.headers.get('Content-Language')).toBe('en');
    expect(await answer.json()).toEqual({
      type: '/problems/point-not-open',
      title: 'No such collection point',
      status: 409,
      detail: 'The municipality has opened no collection point mill.',
      code: 'point-not-open',
      correlationId: expect.any(String),
    });
  });

  it('speaks the language of the request', async () => {
    const answer = await command({ what: 'refuse', grams: 1 }, { 'Accept-Language': 'ar' });
    expect(answer.headers.get('Content-Language')).toBe('ar');
    expect(await answer.json()).toMatchObject({ code: 'point-not-open', title: 'لا توجد نقطة جمع بهذا الاسم' });
  });

  it.each([
    ['en', 'Is missing.', 'Must be 1,000 or less.', 'Is not a field of this request.'],
    ['ar', 'هذا الحقل ناقص.', 'يجب ألا تزيد القيمة على 1,000.', 'ليس هذا حقلًا من حقول هذا الطلب.'],
  ])('with the input names every wrong field in %s', async (language, missing, tooLarge, unknown) => {
    const answer = await command({ grams: 1_001, role: 'clerk' }, { 'Accept-Language': language });
    expect(answer.status).toBe(400);
    const { code, errors } = (await answer.json()) as { code: string; errors: readonly { field: string }[] };
    expect(code).toBe('invalid-input');
    expect(errors.toSorted((one, next) => one.field.localeCompare(next.field))).toEqual([
      { field: 'grams', code: 'too-large', message: tooLarge },
      { field: 'role', code: 'unknown-field', message: unknown },
      { field: 'what', code: 'required', message: missing },
    ]);
  });

  it.each(['break', 'poison'])('of our own (%s) says nothing but where to find it', async (what) => {
    const answer = await command({ what, grams: 1 }, { 'X-Correlation-Id': 'visit-17' });
    const text = await answer.text();
    expect(answer.status).toBe(500);
    expect(JSON.parse(text)).toMatchObject({ code: 'internal', correlationId: 'visit-17' });
    expect(text).not.toMatch(/hunter2|secret|poison|at .*\.ts/);
    expect(logged.at(-1)).toMatch(/visit-17.*(hunter2|secret of the sea)/s);
  });

  it.each([
    ['an address where nothing is', '/api/v1/nothing', {}, 404, 'not-found'],
    ['a path that is not encoded', '/api/v1/households/%E0%A4%A/balance', {}, 400, 'bad-request'],
    ['a body that is no JSON', '/api/v1/samples', { body: '{"what":' }, 400, 'malformed-body'],
    ['a body that is too large', '/api/v1/samples', { body: `"${'x'.repeat(70_000)}"` }, 413, 'body-too-large'],
    [
      'a form',
      '/api/v1/samples',
      { body: 'what=count', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } },
      415,
      'unsupported-body',
    ],
    [
      'an unknown charset',
      '/api/v1/samples',
      { body: '{}', headers: { 'Content-Type': 'application/json; charset=klingon' } },
      415,
      'unsupported-body',
    ],
    ['a route that is for nobody', '/api/v1/samples/forgotten', {}, 403, 'not-allowed'],
  ])('answers %s', async (_, path, sent, status, code) => {
    const answer = await send(path, sent);
    expect([answer.status, await answer.json()]).toEqual([status, expect.objectContaining({ status, code })]);
    expect(sample.carriedOut).toBe(0);
  });
});

describe('every answer', () => {
  it('carries the correlation id: the plausible one that came, or a new one', async () => {
    const idOf = async (sent: string) =>
      (await send('/api/v1/samples', { headers: { 'X-Correlation-Id': sent } })).headers.get('X-Correlation-Id');
    expect(await idOf('visit-17')).toBe('visit-17');
    expect(await idOf('not <plausible>')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('lets browsers load nothing from elsewhere, frame nothing and keep nothing', async () => {
    const { headers } = await send('/api/v1/samples');
    const policy = headers.get('Content-Security-Policy') ?? '';
    expect(policy).toContain("default-src 'self';script-src 'self';style-src 'self' 'nonce-");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(headers.get('Cache-Control')).toBe('no-store');
    expect(headers.get('X-Powered-By')).toBeNull();
    expect(headers.get('Strict-Transport-Security')).toBeNull();
  });

  it('keeps browsers on https where they came by it', async () => {
    const { headers } = await send('/api/v1/samples', { headers: { 'X-Forwarded-Proto': 'https' } });
    expect(headers.get('Strict-Transport-Security')).toBe('max-age=31536000');
  });
});

describe('a request from a page of another site', () => {
  const count = { what: 'count', grams: 1 };

  it.each([
    ['Sec-Fetch-Site', 'cross-site'],
    ['Sec-Fetch-Site', 'same-site'],
    ['Origin', 'https://evil.example'],
    ['Origin', 'null'],
  ])('is refused by its %s: %s', async (header, value) => {
    const answer = await command(count, { [header]: value });
    expect([answer.status, await answer.json()]).toEqual([
      403,
      expect.objectContaining({ code: 'cross-site-request' }),
    ]);
    expect(sample.carriedOut).toBe(0);
  });

  it('is not what our own pages and programs send', async () => {
    const own: Record<string, string>[] = [{ 'Sec-Fetch-Site': 'same-origin' }, { Origin: api.url }, {}];
    for (const headers of own) expect((await command(count, headers)).status).toBe(201);
  });

  it('may read, for reading changes nothing', async () => {
    expect((await send('/api/v1/samples', { headers: { 'Sec-Fetch-Site': 'cross-site' } })).status).toBe(200);
  });
});

describe('a command with an Idempotency-Key', () => {
  const count = { what: 'count', grams: 5 };
  let keys = 0;
  const newKey = () => ({ 'Idempotency-Key': `key-${(keys += 1)}` });

  it('is carried out once and answered twice', async () => {
    const key = newKey();
    const [first, second] = [await command(count, key), await command({ grams: 5, what: 'count' }, key)];
    expect([first.status, await first.json()]).toEqual([201, { grams: 5, carriedOut: 1 }]);
    expect([second.status, await second.json()]).toEqual([201, { grams: 5, carriedOut: 1 }]);
    expect([first, second].map(({ headers }) => headers.get('Idempotency-Replayed'))).toEqual([null, 'true']);
  });

  it('may answer nothing', async () => {
    const sent = { method: 'POST', headers: newKey() };
    expect((await send('/api/v1/samples/nothing', sent)).status).toBe(204);
    expect((await send('/api/v1/samples/nothing', sent)).status).toBe(204);
    expect(sample.carriedOut).toBe(1);
  });

  it('is carried out once when it comes twice at the same moment', async () => {
    let open: () => void = () => undefined;
    sample.gate = new Promise((resolve) => (open = resolve));
    const key = newKey();
    const both = Promise.all([1, 2].map(() => command({ what: 'wait', grams: 5 }, key)));
    await eventually(() => expect(sample.carriedOut).toBe(1));
    open();
    for (const answer of await both) expect(await answer.json()).toEqual({ grams: 5, carriedOut: 1 });
    expect(sample.carriedOut).toBe(1);
  });

  it('is answered even where its answer cannot be kept', async () => {
    let open: () => void = () => undefined;
    sample.gate = new Promise((resolve) => (open = resolve));
    const answer = command({ what: 'wait', grams: 5 }, newKey());
    await eventually(() => expect(sample.carriedOut).toBe(1));
    await api.database.query('ALTER TABLE api.idempotency_key RENAME TO lost');
    open();
    expect((await answer).status).toBe(201);
    await api.database.query('ALTER TABLE api.lost RENAME TO idempotency_key');
  });

  it('is refused for another request under the same key', async () => {
    const key = newKey();
    await command(count, key);
    const answer = await command({ ...count, grams: 6 }, key);
    expect([answer.status, await answer.json()]).toEqual([
      422,
      expect.objectContaining({ code: 'idempotency-key-reused' }),
    ]);
    expect(sample.carriedOut).toBe(1);
  });

  it('belongs to its account', async () => {
    const key = newKey();
    await command(count, key);
    await command(count, key, other);
    expect(sample.carriedOut).toBe(2);
  });

  it('gets the same refusal again, in the language of whoever asks again', async () => {
    const key = newKey();
    await command({ what: 'refuse', grams: 1 }, key);
    const answer = await command({ what: 'refuse', grams: 1 }, { ...key, 'Accept-Language': 'ar' });
    expect([answer.status, await answer.json()]).toEqual([
      409,
      expect.objectContaining({ code: 'point-not-open', detail: 'لم تفتح البلدية نقطة جمع باسم mill.' }),
    ]);
    expect(sample.carriedOut).toBe(1);
  });

  it('may be tried again after something of ours failed, or after the input was wrong', async () => {
    const key = newKey();
    expect((await command({ what: 'break', grams: 1 }, key)).status).toBe(500);
    expect((await command({ what: 'count', grams: 'x' }, key)).status).toBe(400);
    expect((await command(count, key)).status).toBe(201);
    expect(sample.carriedOut).toBe(2);
  });

  it('is refused with a key that is none', async () => {
    const answer = await command(count, { 'Idempotency-Key': 'x'.repeat(201) });
    expect([answer.status, await answer.json()]).toEqual([
      400,
      expect.objectContaining({ errors: [expect.objectContaining({ field: 'Idempotency-Key' })] }),
    ]);
  });

  it('is forgotten after a day, and removed', async () => {
    const key = newKey();
    await command(count, key);
    clock.moveTo('2026-11-24T08:00:01.000Z');
    expect(await (await command(count, key)).json()).toMatchObject({ carriedOut: 2 });
    await command(count, newKey());

    clock.moveTo('2026-11-25T08:00:02.000Z');
    expect(await new IdempotencyKeys(api.database, clock).clean()).toBeGreaterThan(1);
    expect(await api.database.query('SELECT * FROM api.idempotency_key')).toEqual([]);
  });

  it('waits for the first answer, and says so when that does not come', async () => {
    const claimed = { accountId: '01931d5e-7c1a-7cc3-9d6e-3a5b1c2d4e5f', key: 'w', requestHash: Buffer.from('same') };
    const table = new IdempotencyKeys(api.database, clock);
    expect(await table.claim(claimed)).toBeNull();
    await expect(table.claim(claimed)).rejects.toMatchObject({ code: 'idempotency-in-progress' });

    const waiting = table.claim(claimed);
    await table.keep(claimed, { status: 201, body: { grams: 5 } });
    expect(await waiting).toEqual({ status: 201, body: { grams: 5 } });
  });

  it('can be claimed again when the process that held it died', async () => {
    const claimed = { accountId: '01931d5e-7c1a-7cc3-9d6e-3a5b1c2d4e5f', key: 'k', requestHash: Buffer.from('same') };
    const table = new IdempotencyKeys(api.database, clock);
    expect(await table.claim(claimed)).toBeNull();
    clock.moveTo('2026-11-23T08:01:01.000Z');
    expect(await table.claim(claimed)).toBeNull();
    await expect(table.claim({ ...claimed, requestHash: Buffer.from('other') })).rejects.toMatchObject({
      code: 'idempotency-key-reused',
    });
  });
});

describe('a query after a position', () => {
  it('is answered once the read model is there', async () => {
    const position = await api.appendOnly(load('glass', 5));
    expect(await clerk.get(`/samples?after=${position}`)).toEqual({ status: 200, body: { limit: 50 } });
  });

  it('is told to come again when that takes too long', async () => {
    const answer = await send('/api/v1/samples?after=999999');
    expect(answer.headers.get('Retry-After')).toBe('1');
    expect([answer.status, await answer.json()]).toEqual([503, expect.objectContaining({ code: 'read-model-behind' })]);
  });

  it('names a position that is none together with everything else that is wrong', async () => {
    const { body } = await clerk.get('/samples?after=x&limit=0');
    expect(body).toMatchObject({ code: 'invalid-input' });
    const { errors } = body as { errors: readonly { field: string; code: string }[] };
    expect(errors.map(({ field, code }) => `${field} ${code}`).toSorted()).toEqual([
      'after wrong-format',
      'limit too-small',
    ]);
  });
});

describe('a live stream', () => {
  it('says at once that it is there, tells events with their ids, and ends with the process', async () => {
    const answer = await send('/api/v1/samples/live');
    expect(answer.headers.get('Content-Type')).toBe('text/event-stream');
    const reader = answer.body!.getReader() as ReadableStreamDefaultReader<Uint8Array>;
    let text = '';
    while (!text.includes('1950')) text += new TextDecoder().decode((await reader.read()).value);
    expect(text).toContain(': heartbeat\n\n');
    expect(text).toContain('event: weighing\nid: 7\ndata: {"netGrams":1950}\n\n');

    const began = performance.now();
    const closed = api.close();
    while (!(await reader.read()).done);
    await closed;
    expect(performance.now() - began).toBeLessThan(2_500);
    api = await startTestApi({ modules: [], eventTypes: [], projections: [], migrations: { readModel: [] } });
  });
});

describe('the interface', () => {
  it('describes itself where its readers look', async () => {
    const document = (await (await fetch(`${api.url}/api/openapi.json`)).json()) as { openapi: string };
    expect(document.openapi).toBe('3.1.0');

    const docs = await fetch(`${api.url}/api/docs`);
    const page = await docs.text();
    expect(page).not.toMatch(/<script>|https?:\/\/(?!www\.w3\.org)/);
    expect(docs.headers.get('Content-Security-Policy')).toContain("style-src 'self' 'unsafe-inline'");
    for (const asset of ['swagger-ui-bundle.js', 'swagger-ui.css', 'swagger-ui-init.js']) {
      expect((await fetch(`${api.url}/api/docs/${asset}`)).status).toBe(200);
    }
  });

  it('measures its answers by route', async () => {
    await fetch(`${api.url}/api/v1/session`);
    const metrics = await (await fetch(`${api.url}/metrics`)).text();
    expect(metrics).toContain(
      'mizan_http_request_duration_seconds_count{method="GET",route="/api/v1/session",status="401"} 1',
    );
    expect(metrics).toContain('process_resident_memory_bytes');
  });
});
