import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { InvalidSettings, Settings } from './settings.js';

describe('settings', () => {
  it('have the defaults of the contract', () => {
    expect(Settings.fromEnvironment({})).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      mqttPort: 1883,
      dataDir: path.resolve('.mizan'),
      demo: false,
      databaseUrl: undefined,
      mqttUrl: undefined,
      kurrentDb: undefined,
    });
  });

  it('name everything that is wrong at once', () => {
    const attempt = () =>
      Settings.fromEnvironment({ PORT: '70000', MIZAN_DEMO: 'yes', DATABASE_URL: 'mysql://x', MIZAN_DATE: 'x' });

    expect(attempt).toThrow(InvalidSettings);
    for (const name of ['PORT', 'MIZAN_DEMO', 'DATABASE_URL', 'MIZAN_DATE']) expect(attempt).toThrow(name);
  });

  it('take an empty variable for one that is not set', () => {
    expect(Settings.fromEnvironment({ DATABASE_URL: '' }).databaseUrl).toBeUndefined();
  });

  it.each([
    'kurrentdb://127.0.0.1:2113?tls=false',
    'kurrentdb://admin:changeit@one:2113,two:2113,three:2113?tlsCaFile=/etc/ca.pem',
    'kurrentdb+discover://cluster.example',
    'esdb://127.0.0.1:2113?tls=false',
  ])('lead the event log to KurrentDB at %s', (url) => {
    const { kurrentDb } = Settings.fromEnvironment({ EVENT_STORE: 'kurrentdb', KURRENTDB_URL: url });
    expect(kurrentDb).toEqual({ url, log: 'mizan' });
    const named = Settings.fromEnvironment({ EVENT_STORE: 'kurrentdb', KURRENTDB_URL: url, KURRENTDB_LOG: 'beitillu' });
    expect(named.kurrentDb?.log).toBe('beitillu');
  });

  it.each<Record<string, string>>([
    { EVENT_STORE: 'kurrentdb' },
    { EVENT_STORE: 'kurrentdb', KURRENTDB_URL: 'http://127.0.0.1:2113' },
    { EVENT_STORE: 'kurrentdb', KURRENTDB_URL: 'kurrentdb://' },
  ])('refuse %j', (env) => {
    expect(() => Settings.fromEnvironment(env)).toThrow('KURRENTDB_URL');
  });

  it('leave the event log in PostgreSQL, whatever server there is besides', () => {
    expect(Settings.fromEnvironment({ KURRENTDB_URL: 'kurrentdb://127.0.0.1:2113' }).kurrentDb).toBeUndefined();
  });

  it('refuse a name of the log that would not do for the names of its streams', () => {
    const env = { EVENT_STORE: 'kurrentdb', KURRENTDB_URL: 'kurrentdb://127.0.0.1:2113', KURRENTDB_LOG: 'a-b' };
    expect(() => Settings.fromEnvironment(env)).toThrow('KURRENTDB_LOG');
  });

  it('refuse the demo where others can reach it, unless told so in so many words', () => {
    const open = { MIZAN_DEMO: '1', HOST: '0.0.0.0' };
    expect(() => Settings.fromEnvironment(open)).toThrow('anyone-may-sign-in');
    expect(Settings.fromEnvironment({ ...open, MIZAN_DEMO_ON_A_PUBLIC_HOST: 'anyone-may-sign-in' })).toMatchObject({
      demo: true,
    });
  });
});
