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

  it('refuse the demo where others can reach it, unless told so in so many words', () => {
    const open = { MIZAN_DEMO: '1', HOST: '0.0.0.0' };
    expect(() => Settings.fromEnvironment(open)).toThrow('anyone-may-sign-in');
    expect(Settings.fromEnvironment({ ...open, MIZAN_DEMO_ON_A_PUBLIC_HOST: 'anyone-may-sign-in' })).toMatchObject({
      demo: true,
    });
  });
});
