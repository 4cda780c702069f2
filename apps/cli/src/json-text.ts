/**
 * Any value as indented JSON: a bigint as text, a Map of texts as an object, another Map and a Set as lists. Nothing of
 * a state gets lost only because JSON has no word for it.
 */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) => plain(member), 2);
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Set) return [...value];
  if (!(value instanceof Map)) return value;
  const entries: readonly (readonly [unknown, unknown])[] = [...value];
  return entries.every(([key]) => typeof key === 'string') ? Object.fromEntries(entries) : entries;
}
