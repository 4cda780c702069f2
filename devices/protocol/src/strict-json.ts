/** Far deeper than any message of the contract, with room for what a newer one may nest. */
const DEPTH_MAX = 16;

/** UTF-8 as RFC 8259 § 8.1 wants it: no byte order mark is skipped, no wrong byte is replaced. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export type JsonReading =
  | { readonly readable: true; readonly value: unknown }
  /** `problem` is for a person and repeats nothing of the text. */
  | { readonly readable: false; readonly problem: string };

/**
 * Parses JSON that will be hashed and kept. Beyond what `JSON.parse` refuses, it refuses what has no canonical form or
 * would change on the way (RFC 8785): wrong UTF-8, lone surrogates, integers beyond 2^53; and nesting without end.
 * @param bytesMax checked before a byte is read
 */
export function readStrictJson(bytes: Uint8Array, bytesMax: number): JsonReading {
  if (bytes.length > bytesMax) return { readable: false, problem: `larger than ${bytesMax} bytes` };
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(bytes));
  } catch (error) {
    return { readable: false, problem: error instanceof SyntaxError ? 'not JSON' : 'not UTF-8' };
  }
  const problem = inexactness(value, DEPTH_MAX);
  return problem === undefined ? { readable: true, value } : { readable: false, problem };
}

/** Whether text can be written as UTF-8: a lone surrogate cannot. */
function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

function inexactness(value: unknown, depthLeft: number): string | undefined {
  if (typeof value === 'string')
    return isWellFormed(value) ? undefined : 'text with half a character (a lone surrogate)';
  if (typeof value === 'number') return isExact(value) ? undefined : 'a number too large to be exact';
  if (typeof value !== 'object' || value === null) return undefined;
  if (depthLeft === 0) return `nested deeper than ${DEPTH_MAX}`;
  for (const [key, member] of Object.entries(value)) {
    const problem = inexactness(key, depthLeft) ?? inexactness(member, depthLeft - 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** 1e400 has become Infinity, and 9007199254740993 its neighbour: two contents would share one hash. */
function isExact(value: number): boolean {
  return Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value));
}
