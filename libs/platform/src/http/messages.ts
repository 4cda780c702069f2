import { IntlMessageFormat } from 'intl-messageformat';
import { type FieldFault } from './http.errors.js';
import { type Language } from './language.js';
import { ar } from './messages/ar.messages.js';
import { en } from './messages/en.messages.js';
import { type Messages, type ProblemMessage } from './messages/messages.js';

export const MESSAGES: Readonly<Record<Language, Messages>> = { ar, en };

type Values = Readonly<Record<string, unknown>>;

/** Whether people can be told about errors with this code. */
export function hasMessage(code: string): boolean {
  return Object.hasOwn(MESSAGES.en.problems, code);
}

/** The texts of an error's code, those of `internal` for a code that has none. */
export function problemMessage(language: Language, code: string, values: Values): ProblemMessage {
  const { problems } = MESSAGES[language];
  const { title, detail } = problems[code] ?? problems['internal'] ?? { title: code, detail: code };
  return { title: format(language, title, values), detail: format(language, detail, values) };
}

export function fieldMessage(language: Language, { code, values = {} }: FieldFault): string {
  const { fields } = MESSAGES[language];
  return format(language, fields[code] ?? fields['invalid'] ?? code, values);
}

const formats = new Map<string, IntlMessageFormat>();

/** The messages are a fixed set, and so is the number of compiled ones kept. */
function format(language: Language, message: string, values: Values): string {
  const key = `${language}:${message}`;
  let compiled = formats.get(key);
  if (!compiled) {
    compiled = new IntlMessageFormat(message, LOCALES[language]);
    formats.set(key, compiled);
  }
  return String(compiled.format(shown(message, values)));
}

/** Western digits in both languages (the product's default), Arabic grammar all the same. */
const LOCALES: Readonly<Record<Language, string>> = { ar: 'ar-u-nu-latn', en: 'en' };

/** Details may hold anything; a message shows text and numbers, and a dash for what is missing. */
function shown(message: string, values: Values): Record<string, string | number> {
  const names = [...message.matchAll(/\{(\w+)/g)].map(([, name = '']) => name);
  return Object.fromEntries(
    names.map((name) => {
      const value = values[name];
      return [name, typeof value === 'number' || typeof value === 'string' ? value : '–'];
    }),
  );
}
