/** The search part of an address, as it came: anything. */
export type RawSearch = Record<string, unknown>;

/** The value where it is one of the choices; an address typed by hand falls back to none. */
export function choiceOf<Choice extends string>(value: unknown, choices: readonly Choice[]): Choice | undefined {
  return choices.find((choice) => choice === value);
}

const TEXT_LENGTH_MAX = 120;

/** The value where it is text, cut to a length that a person may have typed. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value.slice(0, TEXT_LENGTH_MAX) : undefined;
}

type Defined<Values> = { readonly [Key in keyof Values]?: Exclude<Values[Key], undefined> };

/** Without the keys that have no value, so that the address holds only what was chosen. */
export function chosen<Values extends object>(values: Values): Defined<Values> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<Values>;
}

/** The search with one choice changed; the empty text takes the choice back. */
export function withChoice<Search extends object>(search: Search, key: keyof Search & string, value: string): Search {
  const others = Object.entries(search).filter(([name]) => name !== key);
  return Object.fromEntries(value === '' ? others : [...others, [key, value]]) as Search;
}
