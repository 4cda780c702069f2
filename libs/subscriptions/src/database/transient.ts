import { StoreUnavailable } from '#event-store';

/**
 * SQLSTATE classes (PostgreSQL, appendix A) that say nothing about the event at hand: connection, rolled back by
 * serialization or deadlock, out of resources, object in use, operator intervention, system error.
 */
const TRANSIENT_CLASSES = new Set(['08', '40', '53', '55', '57', '58']);

/** A table or schema that is not there: the read model is being thrown away and made again under us. */
const TABLES_AWAY = new Set(['42P01', '3F000']);

/** The server ended a transaction in which we fell silent: this process was held up, whatever the event. */
const IDLE_IN_TRANSACTION = '25P03';

/** A cancelled statement may have been too much at once: worth trying with less. */
const QUERY_CANCELLED = '57014';

const TRANSIENT_SYSTEM_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** The driver gives these no code. */
const CONNECTION_LOST = /^(Connection terminated|Client has encountered a connection error|timeout exceeded when)/;

/** Whether trying the very same again later may succeed. Anything unknown is not: it is blamed on the event. */
export function isTransient(error: unknown): boolean {
  if (error instanceof StoreUnavailable) return true;
  if (!(error instanceof Error)) return false;
  if (CONNECTION_LOST.test(error.message)) return true;
  const code = sqlStateOf(error) ?? '';
  if (code === QUERY_CANCELLED) return false;
  if (code === IDLE_IN_TRANSACTION) return true;
  return TRANSIENT_SYSTEM_CODES.has(code) || TABLES_AWAY.has(code) || TRANSIENT_CLASSES.has(sqlStateClass(code));
}

/** The SQLSTATE, or the system's code, that an error of the driver carries; TypeORM copies it onto its own error. */
export function sqlStateOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

function sqlStateClass(code: string): string {
  return code.length === 5 ? code.slice(0, 2) : '';
}
