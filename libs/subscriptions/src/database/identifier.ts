/** PostgreSQL cuts longer names off in silence. */
const IDENTIFIER_LENGTH_MAX = 63;

/** A name as it can stand in SQL. Names come from code, never from input; one that is not plain is a typing error. */
export function identifier(name: string): string {
  if (!/^[a-z_][a-z0-9_]*$/.test(name) || name.length > IDENTIFIER_LENGTH_MAX) {
    throw new RangeError(`"${name}" is not a plain snake_case name of at most ${IDENTIFIER_LENGTH_MAX} characters`);
  }
  return `"${name}"`;
}
