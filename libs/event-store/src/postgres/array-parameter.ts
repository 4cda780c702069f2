const TEXT = 25;
const JSON_TEXT = 114;

const HEADER_BYTES = 20;
const LENGTH_BYTES = 4;

/** A `text[]` parameter in PostgreSQL's binary format: nothing in it needs escaping, which is half the cost of one. */
export function textArray(values: readonly string[]): Buffer {
  return binaryArray(TEXT, values);
}

/** A `json[]` parameter in PostgreSQL's binary format. */
export function jsonArray(values: readonly string[]): Buffer {
  return binaryArray(JSON_TEXT, values);
}

/** An array of values that need no escaping (numbers, UUIDs) in PostgreSQL's text format. */
export function plainArray(values: readonly (number | string)[]): string {
  return `{${values.join(',')}}`;
}

/** Layout: array_recv() in PostgreSQL's src/backend/utils/adt/arrayfuncs.c. */
function binaryArray(elementType: number, values: readonly string[]): Buffer {
  const bytes = values.reduce((sum, value) => sum + LENGTH_BYTES + Buffer.byteLength(value), HEADER_BYTES);
  const buffer = Buffer.allocUnsafe(bytes);
  const header = [1, 0, elementType, values.length, 1]; // dimensions, no nulls, type, length, lower bound
  header.forEach((field, index) => buffer.writeInt32BE(field, index * LENGTH_BYTES));
  let offset = HEADER_BYTES;
  for (const value of values) {
    const written = buffer.write(value, offset + LENGTH_BYTES);
    buffer.writeInt32BE(written, offset);
    offset += LENGTH_BYTES + written;
  }
  return buffer;
}
