/** Last letters that carry no spare bits, by length modulo 4 (RFC 4648 § 3.5). Others would give a value two spellings. */
const LAST_LETTERS = { 2: 'AQgw', 3: 'AEIMQUYcgkosw048' } as const;

/** Decodes base64url without padding (RFC 7515 § 2), or undefined unless it is spelt in the one way there is. */
export function decodeBase64url(text: string): Buffer | undefined {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) return undefined;
  const spare = text.length % 4;
  if (spare === 1) return undefined;
  if ((spare === 2 || spare === 3) && !LAST_LETTERS[spare].includes(text.charAt(text.length - 1))) return undefined;
  return Buffer.from(text, 'base64url');
}
