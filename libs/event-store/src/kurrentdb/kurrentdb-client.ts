import type * as kurrentDb from '@kurrent/kurrentdb-client';
import { InvalidKurrentDbUrl, NoKurrentDbClient, reasonOf } from './kurrentdb.errors.js';

export type KurrentDbClient = kurrentDb.KurrentDBClient;

/** Makes clients of one server or cluster. */
export interface ClientFactory {
  /** The hosts, to be shown to a person. */
  readonly hosts: string;
  readonly newClient: () => KurrentDbClient;
}

/** The client warns of its former name on every connection. */
const RENAMED_SCHEME = /^esdb(?=:|\+)/;

/**
 * Loads the client, which nothing else in Mizan does: it has a native part that not every platform has.
 * @param url kurrentdb://, kurrentdb+discover:// or, as it was called before, esdb://
 * @throws NoKurrentDbClient, InvalidKurrentDbUrl
 */
export async function loadClient(url: string): Promise<ClientFactory> {
  const { KurrentDBClient } = await import('@kurrent/kurrentdb-client').catch((error: unknown) => {
    throw new NoKurrentDbClient(reasonOf(error));
  });
  const connectionString = url.replace(RENAMED_SCHEME, 'kurrentdb');
  const newClient = () => {
    try {
      return KurrentDBClient.connectionString(connectionString);
    } catch {
      // The client's own words repeat the string, password and all.
      throw new InvalidKurrentDbUrl();
    }
  };
  return { hosts: hostsOf(url), newClient };
}

/** Neither credentials nor options. */
function hostsOf(url: string): string {
  return url
    .replace(/^[^:]*:\/\//, '')
    .replace(/^.*@/, '')
    .replace(/[/?].*$/, '');
}
