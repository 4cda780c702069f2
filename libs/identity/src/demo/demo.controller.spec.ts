import { describe, expect, it } from '@jest/globals';
import { RouteNotFound, Settings } from '#platform';
import { DemoAccounts } from './demo-accounts.js';
import { DemoController } from './demo.controller.js';

class TwoAccounts extends DemoAccounts {
  readonly unsignedScale = 'beitillu-diy';
  readonly card = '04A1B2C3D4E5F6';
  readonly accounts = [
    { role: 'clerk', login: 'clerk', password: 'demo', name: 'Samira', householdId: 'not for everybody' },
  ] as const;
}

const on = Settings.fromEnvironment({ MIZAN_DEMO: '1' });
const off = Settings.fromEnvironment({ MIZAN_DEMO: '0' });

describe('how to try the demo', () => {
  it('is told where the demo is on, and no more than that', () => {
    expect(new DemoController(on, new TwoAccounts()).read()).toEqual({
      unsignedScale: 'beitillu-diy',
      card: '04A1B2C3D4E5F6',
      accounts: [{ role: 'clerk', login: 'clerk', password: 'demo', name: 'Samira' }],
    });
  });

  it('is nothing where it is off, or was not loaded', () => {
    expect(() => new DemoController(off, new TwoAccounts()).read()).toThrow(RouteNotFound);
    expect(() => new DemoController(on).read()).toThrow(RouteNotFound);
  });
});
