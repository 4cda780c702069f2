import { type DataSource } from 'typeorm';

/** Where the read model lies, for those who need a connection of their own beside the pool. */
export function urlOf({ options }: DataSource): string {
  if (options.type !== 'postgres' || options.url === undefined) throw new Error('The read model lies in PostgreSQL');
  return options.url;
}
