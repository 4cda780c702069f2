import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { IntlMessageFormat } from 'intl-messageformat';
import ts from 'typescript';

const WEB = path.resolve(import.meta.dirname, '../../apps/web/src');

/** Attributes that a person reads or hears. */
const SPOKEN = new Set(['aria-label', 'title', 'label', 'placeholder', 'alt', 'description', 'caption', 'summary']);
const LETTER = /\p{L}/u;

/** The kinds of parts of a parsed message, by the numbers the parser gives them. */
const SELECT = 5;
const PLURAL = 6;
const ARABIC_CATEGORIES = ['few', 'many', 'one', 'other', 'two', 'zero'];
const ENGLISH_CATEGORIES = ['one', 'other'];

interface Part {
  readonly type: number;
  readonly value?: string;
  readonly options?: Readonly<Record<string, { readonly value: readonly Part[] }>>;
  readonly children?: readonly Part[];
}

type Catalogue = Readonly<Record<string, string>>;

async function catalogue(language: string): Promise<Catalogue> {
  return JSON.parse(await readFile(path.join(WEB, `messages/${language}.json`), 'utf8')) as Catalogue;
}

/** All parts of a message, also those within its plurals. */
function partsOf(text: string, locale: string): readonly Part[] {
  const inside = (part: Part): readonly Part[] => [
    part,
    ...Object.values(part.options ?? {}).flatMap(({ value }) => value.flatMap(inside)),
    ...(part.children ?? []).flatMap(inside),
  ];
  return (new IntlMessageFormat(text, locale).getAst() as readonly Part[]).flatMap(inside);
}

const namesIn = (parts: readonly Part[]): readonly string[] => [
  ...new Set(parts.filter(({ type }) => type !== 0 && type !== 7).map(({ value }) => value ?? '')),
];

const pluralsIn = (parts: readonly Part[]): readonly Part[] => parts.filter(({ type }) => type === PLURAL);

/** Exact cases such as `=0` come on top of the categories. */
const categoriesOf = (plural: Part): readonly string[] =>
  Object.keys(plural.options ?? {})
    .filter((name) => !name.startsWith('='))
    .sort();

async function sources(): Promise<readonly ts.SourceFile[]> {
  const names = await readdir(WEB, { recursive: true });
  return Promise.all(
    names
      .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.spec.ts'))
      .map(async (name) =>
        ts.createSourceFile(name, await readFile(path.join(WEB, name), 'utf8'), ts.ScriptTarget.Latest, true),
      ),
  );
}

function everyNode(files: readonly ts.SourceFile[]): readonly ts.Node[] {
  const nodes: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    nodes.push(node);
    ts.forEachChild(node, visit);
  };
  files.forEach(visit);
  return nodes;
}

const where = (node: ts.Node): string => {
  const file = node.getSourceFile();
  return `${file.fileName}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1} ${node.getText().trim()}`;
};

/** Texts that an expression may come to, without looking into calls and elements: those have their own rules. */
function literalsOf(expression: ts.Expression | undefined): readonly ts.Node[] {
  if (expression === undefined) return [];
  if (ts.isStringLiteralLike(expression) || ts.isTemplateExpression(expression)) return [expression];
  if (ts.isParenthesizedExpression(expression)) return literalsOf(expression.expression);
  if (ts.isConditionalExpression(expression)) {
    return [...literalsOf(expression.whenTrue), ...literalsOf(expression.whenFalse)];
  }
  if (ts.isBinaryExpression(expression)) return [...literalsOf(expression.left), ...literalsOf(expression.right)];
  return [];
}

const saysSomething = (node: ts.Node): boolean =>
  ts.isTemplateExpression(node)
    ? [node.head, ...node.templateSpans.map(({ literal }) => literal)].some(({ text }) => LETTER.test(text))
    : ts.isStringLiteralLike(node) && LETTER.test(node.text);

/** Text that stands in code instead of in the message files. The name of a sentence is not text. */
function textInCode(nodes: readonly ts.Node[], known: Catalogue): readonly string[] {
  const isName = (node: ts.Node): boolean => ts.isStringLiteralLike(node) && node.text in known;
  return nodes
    .flatMap((node): readonly ts.Node[] => {
      if (ts.isJsxText(node)) return LETTER.test(node.text) ? [node] : [];
      if (ts.isJsxExpression(node) && !ts.isJsxAttribute(node.parent)) {
        return literalsOf(node.expression).filter(saysSomething);
      }
      if (ts.isJsxAttribute(node) && SPOKEN.has(node.name.getText())) {
        const { initializer } = node;
        if (initializer === undefined) return [];
        const texts = ts.isJsxExpression(initializer) ? literalsOf(initializer.expression) : [initializer];
        return texts.filter(saysSomething);
      }
      return [];
    })
    .filter((node) => !isName(node))
    .map(where);
}

/** Names of sentences in the places where only such a name can stand: `say('…')` and `<Words id="…">`. */
function namedSentences(nodes: readonly ts.Node[]): readonly string[] {
  return nodes
    .flatMap((node): readonly ts.Node[] => {
      if (ts.isCallExpression(node) && node.expression.getText() === 'say') return literalsOf(node.arguments[0]);
      if (!ts.isJsxSelfClosingElement(node) || node.tagName.getText() !== 'Words') return [];
      return node.attributes.properties
        .filter(ts.isJsxAttribute)
        .filter(({ name }) => name.getText() === 'id')
        .flatMap(({ initializer }) => {
          if (initializer === undefined) return [];
          return ts.isJsxExpression(initializer) ? literalsOf(initializer.expression) : [initializer];
        });
    })
    .filter(ts.isStringLiteralLike)
    .map(({ text }) => text);
}

describe('the sentences of the web application', () => {
  it('have the same names in both languages, and none is empty', async () => {
    const [en, ar] = [await catalogue('en'), await catalogue('ar')];
    expect(Object.keys(ar).sort()).toEqual(Object.keys(en).sort());
    expect(Object.entries({ ...en, ...ar }).filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it('are all there', async () => {
    const en = await catalogue('en');
    const missing = namedSentences(everyNode(await sources())).filter((name) => !(name in en));
    expect(missing).toEqual([]);
  });

  it('are all used', async () => {
    const en = await catalogue('en');
    const literals = new Set(
      everyNode(await sources())
        .filter(ts.isStringLiteralLike)
        .map(({ text }) => text),
    );
    expect(Object.keys(en).filter((name) => !literals.has(name))).toEqual([]);
  });

  it('speak of the same things in both languages', async () => {
    const [en, ar] = [await catalogue('en'), await catalogue('ar')];
    const different = Object.keys(en).filter((name) => {
      const [one, other] = [namesIn(partsOf(en[name]!, 'en')), namesIn(partsOf(ar[name]!, 'ar'))];
      return [...one].sort().join() !== [...other].sort().join();
    });
    expect(different).toEqual([]);
  });

  it('have both English and all six Arabic plural forms wherever they count', async () => {
    const [en, ar] = [await catalogue('en'), await catalogue('ar')];
    for (const name of Object.keys(en)) {
      const [english, arabic] = [pluralsIn(partsOf(en[name]!, 'en')), pluralsIn(partsOf(ar[name]!, 'ar'))];
      expect({ name, plurals: english.map(({ value }) => value) }).toEqual({
        name,
        plurals: arabic.map(({ value }) => value),
      });
      for (const plural of english)
        expect({ name, has: categoriesOf(plural) }).toEqual({ name, has: ENGLISH_CATEGORIES });
      for (const plural of arabic)
        expect({ name, has: categoriesOf(plural) }).toEqual({ name, has: ARABIC_CATEGORIES });
      expect(partsOf(en[name]!, 'en').filter(({ type }) => type === SELECT)).toEqual([]);
    }
  });

  it('stand in the message files, not in code', async () => {
    expect(textInCode(everyNode(await sources()), await catalogue('en'))).toEqual([]);
  });
});
