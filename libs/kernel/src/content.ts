/** Anything that JSON can say. */
type Json = string | number | boolean | null | undefined | readonly Json[] | { readonly [key: string]: Json };

/**
 * Whether two plain values say the same in JSON: the order of keys does not count, the order of a list does, and a
 * member that is undefined is a member that is not there. This is how a decider tells a repeat from a contradiction
 * when one side comes from a database that orders keys in its own way.
 */
export function sameContent(one: unknown, other: unknown): boolean {
  return canonical(one as Json) === canonical(other as Json);
}

function canonical(value: Json): string {
  return JSON.stringify(value, (_key, member: Json) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
