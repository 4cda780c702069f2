import { describe, expect, it, jest } from '@jest/globals';
import { loadClient } from './kurrentdb-client.js';
import { InvalidKurrentDbUrl, NoKurrentDbClient } from './kurrentdb.errors.js';

describe('the client of KurrentDB', () => {
  it.each([
    ['kurrentdb://127.0.0.1:2113?tls=false', '127.0.0.1:2113'],
    [
      'kurrentdb://admin:secret@one:2113,two:2113,three:2113?tls=true&nodePreference=leader',
      'one:2113,two:2113,three:2113',
    ],
    ['kurrentdb+discover://admin:p%40ss@cluster.example', 'cluster.example'],
    ['esdb://127.0.0.1:2113?tls=false', '127.0.0.1:2113'],
  ])('takes %s and shows %s of it', async (url, hosts) => {
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
    const factory = await loadClient(url);
    expect(factory.hosts).toBe(hosts);
    await factory.newClient().dispose();
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });

  it.each(['kurrentdb://admin:secret@', 'kurrentdb://admin:secret@host:port', 'kurrentdb://host?nonsense'])(
    'cannot read %s, and does not repeat it',
    async (url) => {
      const { newClient } = await loadClient(url);
      expect(newClient).toThrow(InvalidKurrentDbUrl);
      expect(newClient).not.toThrow(/secret/);
    },
  );

  it('that is not installed is named, and what to do about it', async () => {
    jest.unstable_mockModule('@kurrent/kurrentdb-client', () => {
      throw new Error('Cannot find module @kurrent/bridge-plan9-x64');
    });
    const loading = loadClient('kurrentdb://127.0.0.1:2113');
    await expect(loading).rejects.toThrow(NoKurrentDbClient);
    await expect(loading).rejects.toThrow(/bridge-plan9-x64.*EVENT_STORE=postgres/);
  });
});
