import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { LANGUAGES } from './language.js';
import { fieldMessage, MESSAGES, problemMessage } from './messages.js';

const root = path.resolve(import.meta.dirname, '../../../..');

/** Texts for what is no error of a class: what stands for an exception of the framework. */
const SAID_BY_THE_FILTER = ['bad-request', 'internal', 'unavailable'];

/** Errors of the engines are settled inside, but for those that have texts. One that gets out is answered as `internal`. */
const ENGINES = /^(event-store|subscriptions|mqtt)\//;

/** So are those of ingest, which no route can meet. */
const NEVER_ANSWERED = new Set(['implausible-report']);

interface Source {
  readonly file: string;
  readonly text: string;
}

const sources: readonly Source[] = readdirSync(path.join(root, 'libs'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !file.endsWith('.messages.ts'))
  .map((file) => ({ file, text: readFileSync(path.join(root, 'libs', file), 'utf8') }));

const found = (where: readonly Source[], ...patterns: readonly RegExp[]) =>
  new Set(
    where.flatMap(({ text }) =>
      patterns.flatMap((pattern) => [...text.matchAll(pattern)].map(([, code = '']) => code)),
    ),
  );

const ERROR_CODE = /readonly code(?:: [^=]+)? = '([a-z-]+)'/g;

/** Each way in which the code of a field's fault is written down. */
const faultCodes = found(
  sources.filter(({ text }) => /InvalidFields|FieldFault/.test(text)),
  /\bcode: '([a-z-]+)'/g,
  /\['\w+', '([a-z-]+)', \[/g,
  /^\s*[a-z]+: '(not-[a-z-]+)',/gm,
  /because\('([a-z-]+)'/g,
  /faultIf\([^\n]*?, (?:'[\w.]+'|`[^`]+`|\w+), '([a-z-]+)'/g,
);

const placeholders = (message: string) => [...message.matchAll(/\{(\w+)[,}]/g)].map(([, name]) => name).toSorted();

describe.each(LANGUAGES)('the messages in %s', (language) => {
  const { problems, fields } = MESSAGES[language];

  it('are there for every error that a route can answer', () => {
    const answered = found(
      sources.filter(({ file }) => !ENGINES.test(file)),
      ERROR_CODE,
    );
    const expected = [...answered].filter((code) => !NEVER_ANSWERED.has(code));
    expect(Object.keys(problems)).toEqual(expect.arrayContaining(expected));
  });

  it('are there for no error that nobody makes', () => {
    const made = found(sources, ERROR_CODE);
    const unused = Object.keys(problems).filter((code) => !made.has(code) && !SAID_BY_THE_FILTER.includes(code));
    expect(unused).toEqual([]);
  });

  it('are there for every fault of a field, and for no other', () => {
    expect(Object.keys(fields).toSorted()).toEqual([...faultCodes.add('invalid')].toSorted());
  });

  it('can all be formatted', () => {
    const values = { retryAfterSeconds: 3, min: 2, max: 11, bytesMax: 100, keysMax: 5 };
    for (const code of Object.keys(problems)) expect(problemMessage(language, code, values).detail).toBeTruthy();
    for (const code of Object.keys(fields)) expect(fieldMessage(language, { field: 'x', code, values })).toBeTruthy();
  });
});

describe('the messages of both languages', () => {
  it('fill in the same values', () => {
    const [first, second] = LANGUAGES.map((language) => MESSAGES[language]);
    for (const [code, { title, detail }] of Object.entries(first!.problems)) {
      const other = second!.problems[code]!;
      expect([code, new Set(placeholders(other.title + other.detail))]).toEqual([
        code,
        new Set(placeholders(title + detail)),
      ]);
    }
    for (const [code, message] of Object.entries(first!.fields)) {
      expect([code, new Set(placeholders(second!.fields[code]!))]).toEqual([code, new Set(placeholders(message))]);
    }
  });

  it('use the plural forms of Arabic', () => {
    const inSeconds = (retryAfterSeconds: number) =>
      problemMessage('ar', 'too-many-attempts', { retryAfterSeconds }).detail;
    expect(inSeconds(2)).toContain('ثانيتين');
    expect(inSeconds(5)).toContain('5 ثوانٍ');
    expect(inSeconds(15)).toContain('15 ثانية');
  });

  it('show a dash for a value that is missing, and never fail', () => {
    expect(problemMessage('en', 'household-not-found', {}).detail).toContain('–');
  });
});
