import { describe, expect, it } from '@jest/globals';
import { Passwords } from './passwords.js';

describe('a password', () => {
  const passwords = new Passwords();

  it('is kept as Argon2id with the parameters that OWASP names', async () => {
    expect(await passwords.hash('olive tree')).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('is kept differently each time', async () => {
    expect(await passwords.hash('olive tree')).not.toBe(await passwords.hash('olive tree'));
  });

  it('matches itself, however a keyboard composes its letters, and nothing else', async () => {
    const stored = await passwords.hash('caf\u00e9');
    expect(await passwords.matches('cafe\u0301', stored)).toBe(true);
    expect(await passwords.matches('cafe', stored)).toBe(false);
  });

  it('matches nobody where there is no account', async () => {
    expect(await passwords.matches('', undefined)).toBe(false);
    expect(await passwords.matches('olive tree', undefined)).toBe(false);
  });
});
