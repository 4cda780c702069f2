import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FixedClock } from '#kernel/testing';
import { Settings } from '#platform';
import { startTestApi, type TestApi } from '../../../../test/support/test-api.js';
import { Accounts } from '../account/accounts.js';
import { Passwords } from '../account/passwords.js';
import { Sessions } from './sessions.js';

const PASSWORD = 'olive tree';
const settings = Settings.fromEnvironment({});
const clock = new FixedClock('2026-11-01T08:00:00.000Z');

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ modules: [], eventTypes: [], projections: [], migrations: { readModel: [] }, clock });
});
afterAll(() => api.close());
beforeEach(() => clock.moveTo('2026-11-01T08:00:00.000Z'));

const ensure = (login: string) =>
  new Accounts(api.database, new Passwords(), settings).ensure({
    login,
    password: PASSWORD,
    name: 'Samira',
    role: 'clerk',
    municipalityId: 'beitillu',
    householdId: null,
    demo: false,
  });

function request(
  method: string,
  {
    cookie,
    body,
    headers = {},
  }: {
    readonly cookie?: string;
    readonly body?: object;
    readonly headers?: Record<string, string>;
  } = {},
): Promise<Response> {
  return fetch(`${api.url}/api/v1/session`, {
    method,
    headers: { 'Content-Type': 'application/json', ...(cookie !== undefined && { Cookie: cookie }), ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
}

const signIn = (login: string, password = PASSWORD, headers: Record<string, string> = {}) =>
  request('POST', { body: { login, password }, headers });

async function cookieOf(answer: Promise<Response>): Promise<string> {
  const { headers } = await answer;
  return headers.get('Set-Cookie')?.split(';')[0] ?? '';
}

const codeOf = async (answer: Response) => [answer.status, ((await answer.json()) as { code: string }).code];
const isOpen = async (cookie: string) => (await request('GET', { cookie })).status === 200;
const sessionsOf = (accountId: string) =>
  api.database.query<{ token_hash: Buffer }[]>('SELECT token_hash FROM identity.session WHERE account_id = $1', [
    accountId,
  ]);

describe('signing in', () => {
  it('answers who is signed in, and gives a cookie that no script and no other site can use', async () => {
    const { accountId } = await ensure('samira');
    const answer = await signIn('samira');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('Set-Cookie')).toMatch(
      /^mizan_session=[\w-]{43}; Max-Age=2592000; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
    );
    const session = {
      account: { accountId, name: 'Samira', role: 'clerk', householdId: null },
      municipality: {
        municipalityId: 'beitillu',
        name: { ar: 'بيتللو', en: 'Beitillu' },
        timeZone: 'Asia/Hebron',
        currency: { code: 'ILS', decimals: 2 },
      },
    };
    expect(await answer.json()).toEqual(session);
    const cookie = await cookieOf(signIn('samira'));
    expect(await (await request('GET', { cookie })).json()).toEqual(session);
  });

  it('keeps the cookie to https where it came by it', async () => {
    await ensure('samira');
    const answer = await signIn('samira', PASSWORD, { 'X-Forwarded-Proto': 'https' });
    expect(answer.headers.get('Set-Cookie')).toContain('; Secure');
  });

  it('does not tell whether the login or the password is wrong', async () => {
    await ensure('samira');
    const answers = [await signIn('samira', 'fig tree'), await signIn('nobody', PASSWORD)];
    const [wrong, unknown] = await Promise.all(answers.map((answer) => answer.json() as Promise<object>));
    expect(answers.map(({ status, headers }) => [status, headers.get('Set-Cookie')])).toEqual([
      [401, null],
      [401, null],
    ]);
    expect({ ...wrong, correlationId: '' }).toEqual({ ...unknown, correlationId: '' });
    expect(wrong).toMatchObject({ code: 'wrong-credentials' });
  });

  it('has to wait after too many failures, even with the right password', async () => {
    await ensure('guessed');
    // All at once, for guesses that wait for each other's answer are not the dangerous ones.
    const guesses = await Promise.all(Array.from({ length: 9 }, () => signIn('guessed', 'wrong')));
    expect(guesses.map(({ status }) => status).toSorted()).toEqual([401, 401, 401, 401, 401, 429, 429, 429, 429]);
    const answer = await signIn('guessed');
    expect(answer.headers.get('Retry-After')).toBe('30');
    expect(await codeOf(answer)).toEqual([429, 'too-many-attempts']);

    clock.moveTo('2026-11-01T08:00:30.000Z');
    expect((await signIn('guessed')).status).toBe(200);
  });

  it('names every field that is wrong', async () => {
    const answer = await request('POST', { body: { login: '', role: 'clerk' } });
    const { errors } = (await answer.json()) as { errors: { field: string; code: string }[] };
    expect(errors.map(({ field, code }) => `${field} ${code}`).toSorted()).toEqual([
      'login wrong-length',
      'password required',
      'role unknown-field',
    ]);
  });

  it('again ends the session that the browser had', async () => {
    await ensure('samira');
    const first = await cookieOf(signIn('samira'));
    await signIn('samira', PASSWORD, { Cookie: first });
    expect(await isOpen(first)).toBe(false);
  });
});

describe('a session', () => {
  it('is known to the database by the hash of its token alone', async () => {
    const { accountId } = await ensure('hashed');
    const token = (await cookieOf(signIn('hashed'))).split('=')[1] ?? '';
    expect(await sessionsOf(accountId)).toEqual([{ token_hash: createHash('sha256').update(token).digest() }]);
  });

  it('ends when its owner signs out, and signing out again does no harm', async () => {
    await ensure('samira');
    const cookie = await cookieOf(signIn('samira'));
    const answer = await request('DELETE', { cookie });
    expect([answer.status, answer.headers.get('Set-Cookie')]).toEqual([
      204,
      expect.stringContaining('Expires=Thu, 01 Jan 1970'),
    ]);
    expect(await codeOf(await request('GET', { cookie }))).toEqual([401, 'not-signed-in']);
    expect((await request('DELETE', { cookie })).status).toBe(204);
    expect((await request('DELETE')).status).toBe(204);
  });

  it('lasts a week from its last use', async () => {
    await ensure('samira');
    const [used, forgotten] = [await cookieOf(signIn('samira')), await cookieOf(signIn('samira'))];
    clock.moveTo('2026-11-06T08:00:00.000Z');
    expect(await isOpen(used)).toBe(true);
    clock.moveTo('2026-11-08T08:00:00.001Z');
    expect([await isOpen(used), await isOpen(forgotten)]).toEqual([true, false]);
  });

  it('lasts thirty days at most, however much it is used', async () => {
    await ensure('samira');
    const cookie = await cookieOf(signIn('samira'));
    for (const day of ['06', '11', '16', '21', '26']) {
      clock.moveTo(`2026-11-${day}T08:00:00.000Z`);
      expect(await isOpen(cookie)).toBe(true);
    }
    clock.moveTo('2026-12-01T08:00:00.001Z');
    expect(await isOpen(cookie)).toBe(false);
  });

  it.each(['mizan_session=', 'mizan_session=guess', `mizan_session=${'A'.repeat(43)}`, `other=${'A'.repeat(43)}`])(
    'is not what %s says',
    async (cookie) => expect(await isOpen(cookie)).toBe(false),
  );

  it('is removed when it is over', async () => {
    const { accountId } = await ensure('cleaned');
    await signIn('cleaned');
    clock.moveTo('2026-11-09T08:00:00.000Z');
    await signIn('cleaned');
    await new Sessions(api.database, clock, settings).clean();
    expect(await sessionsOf(accountId)).toHaveLength(1);
  });

  it('makes room for newer ones beyond twenty', async () => {
    const { accountId } = await ensure('busy');
    const first = await cookieOf(signIn('busy'));
    clock.moveTo('2026-11-01T09:00:00.000Z');
    for (let count = 0; count < 20; count += 1) await signIn('busy');
    expect(await sessionsOf(accountId)).toHaveLength(20);
    expect(await isOpen(first)).toBe(false);
  });
});

describe('the demo', () => {
  it('is not here', async () => {
    const answer = await fetch(`${api.url}/api/v1/demo`);
    expect(await codeOf(answer)).toEqual([404, 'not-found']);
  });
});
