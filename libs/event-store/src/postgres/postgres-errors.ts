import { DatabaseError } from 'pg';
import { StoreUnavailable } from '../event-store.errors.js';

/**
 * Answers of a server that will give another one when it is well again, by class of SQLSTATE: connections, standby,
 * deadlocks and time limits, resources, operators, system errors.
 */
const TRANSIENT = /^(08|25006|40|53|55P03|57|58)/;

/**
 * What a failed call to PostgreSQL means for the caller. Whatever does not come from the server itself (a refused,
 * reset or silent connection) is the connection's failure. Errors of the statement are ours, and stay what they are.
 */
export function asStoreError(error: unknown): Error {
  if (error instanceof StoreUnavailable) return error;
  if (!(error instanceof Error)) return new StoreUnavailable(String(error), { cause: error });
  if (error instanceof DatabaseError && !TRANSIENT.test(error.code ?? '')) return error;
  return new StoreUnavailable(`PostgreSQL is not available: ${error.message || error.name}`, { cause: error });
}
