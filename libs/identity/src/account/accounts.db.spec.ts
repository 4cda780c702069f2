import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type DataSource } from 'typeorm';
import { migrate, openDatabase, Settings } from '#platform';
import { startTestDatabase, type TestDatabase } from '../../../../test/support/test-database.js';
import { identityMigrations } from '../migrations/index.js';
import { Accounts, type AccountToEnsure } from './accounts.js';
import { Passwords } from './passwords.js';

const CLERK: AccountToEnsure = {
  login: 'samira',
  password: 'olive tree',
  name: 'Samira',
  role: 'clerk',
  municipalityId: 'beitillu',
  householdId: null,
  demo: false,
};

let test: TestDatabase;
let database: DataSource;
const accountsWith = (env: Record<string, string>) =>
  new Accounts(database, new Passwords(), Settings.fromEnvironment(env));
const stored = () => database.query<{ login: string; password_hash: string }[]>('SELECT * FROM identity.account');

beforeAll(async () => {
  test = await startTestDatabase();
  await migrate(test.url, { core: identityMigrations, readModel: [] });
  database = await openDatabase(test.url);
});
beforeEach(() => database.query('TRUNCATE identity.account CASCADE'));
afterAll(async () => {
  await database.destroy();
  await test.stop();
});

describe('accounts', () => {
  it('are made once, and stay as they are when they are ensured again', async () => {
    const accounts = accountsWith({});
    const first = await accounts.ensure(CLERK);
    const before = await stored();
    expect(await accounts.ensure(CLERK)).toEqual(first);
    expect(await stored()).toEqual(before);
    expect(first).toEqual({
      accountId: expect.any(String),
      name: 'Samira',
      role: 'clerk',
      municipalityId: 'beitillu',
      householdId: null,
    });
  });

  it('take over a new name and password under the same id', async () => {
    const accounts = accountsWith({});
    const first = await accounts.ensure(CLERK);
    await accounts.ensure({ ...CLERK, name: 'Samira H.', password: 'fig tree' });
    expect(await accounts.findByCredentials('samira', 'olive tree')).toBeNull();
    expect(await accounts.findByCredentials('samira', 'fig tree')).toEqual({ ...first, name: 'Samira H.' });
  });

  it('are found by login and password together, whatever the case of the login', async () => {
    const accounts = accountsWith({});
    const clerk = await accounts.ensure(CLERK);
    expect(await accounts.findByCredentials(' Samira ', 'olive tree')).toEqual(clerk);
    expect(await accounts.findByCredentials('samira', 'Olive tree')).toBeNull();
    expect(await accounts.findByCredentials('nobody', 'olive tree')).toBeNull();
  });

  it('hold no password that could be read', async () => {
    await accountsWith({}).ensure(CLERK);
    expect(JSON.stringify(await stored())).not.toContain('olive');
  });

  it('belong to a household exactly where that is their role', async () => {
    const accounts = accountsWith({});
    await expect(accounts.ensure({ ...CLERK, householdId: 'h-1' })).rejects.toThrow('check constraint');
    await expect(accounts.ensure({ ...CLERK, role: 'household' })).rejects.toThrow('check constraint');
  });
});

describe('accounts of the demo', () => {
  it('exist only where the demo is on', async () => {
    const demo = { ...CLERK, demo: true };
    await expect(accountsWith({ MIZAN_DEMO: '0' }).ensure(demo)).rejects.toThrow('MIZAN_DEMO');
    await accountsWith({ MIZAN_DEMO: '1' }).ensure(demo);
    expect(await accountsWith({ MIZAN_DEMO: '1' }).findByCredentials('samira', 'olive tree')).not.toBeNull();
    expect(await accountsWith({ MIZAN_DEMO: '0' }).findByCredentials('samira', 'olive tree')).toBeNull();
  });

  it('are removed where it is off, and no others', async () => {
    await accountsWith({ MIZAN_DEMO: '1' }).ensure({ ...CLERK, login: 'demo-clerk', demo: true });
    await accountsWith({}).ensure(CLERK);
    await accountsWith({ MIZAN_DEMO: '0' }).removeDemoAccounts();
    expect(await stored()).toMatchObject([{ login: 'samira' }]);
  });
});
