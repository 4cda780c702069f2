import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { SETTING_NAMES } from '#platform';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts);

const documents = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];

describe('the README', () => {
  const followed = read('README.md').split('## Follow one weighing')[1]?.split('\n## ')[0] ?? '';
  const steps = [...followed.matchAll(/`([^`]+\.tsx?)`/g)].map(([, file = '']) => file);

  it('follows one weighing from the scale to the page', () => {
    expect(steps.length).toBeGreaterThan(10);
    expect(steps[0]).toMatch(/^devices\/protocol/);
    expect(steps.at(-2)).toMatch(/^apps\/web/);
  });

  it.each(steps)('names a file that exists: %s', (file) => {
    expect(existsSync(path.join(root, file))).toBe(true);
  });
});

describe.each(documents)('%s', (document) => {
  const text = read(document);

  it('links to what is there', () => {
    const links = [...text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link);
    const missing = links
      .filter((link) => !/^[a-z]+:/.test(link))
      .filter((link) => !existsSync(path.join(root, path.dirname(document), link)));
    expect(missing).toEqual([]);
  });

  it('names npm scripts that exist', () => {
    const named = [...text.matchAll(/npm run ([a-z:-]+)/g)].map(([, script = '']) => script);
    expect(named.filter((script) => !scripts.includes(script))).toEqual([]);
  });
});

describe("the operator's guide", () => {
  it('lists every setting, and none that does not exist', () => {
    const table = read('docs/operating.md').split('## Settings')[1]?.split('\n## ')[0] ?? '';
    const listed = [...table.matchAll(/^\| `([A-Z_]+)` +\|/gm)].map(([, name]) => name);
    expect(listed.sort()).toEqual([...SETTING_NAMES].sort());
  });
});
