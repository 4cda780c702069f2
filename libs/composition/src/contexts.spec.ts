import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { CONTEXTS } from './contexts.js';
import { categoryOf } from '#event-store';

const libs = path.resolve(import.meta.dirname, '../../../libs');
const sources = readdirSync(libs, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !/(\.spec|testing)\.ts$|^event-store\//.test(file))
  .map((file) => path.join(libs, file));

describe('the aggregates of all contexts', () => {
  it('are one for each category of streams that is written', async () => {
    const written: string[] = [];
    for (const file of sources.filter((one) => one.endsWith('.stream.ts'))) {
      const named = (await import(file)) as Readonly<Record<string, unknown>>;
      for (const [name, streamOf] of Object.entries(named)) {
        if (name.endsWith('Stream')) written.push(categoryOf((streamOf as (id: string) => string)('id')));
      }
    }
    expect(written.length).toBeGreaterThan(6);
    expect(CONTEXTS.aggregates.map(({ category }) => category).sort()).toEqual(written.sort());
  });

  it('are all there are: streams get their names in files called `.stream.ts`', () => {
    const named = sources.filter(
      (file) =>
        !file.endsWith('.stream.ts') &&
        /\bstream: *[`']|Stream\([^)]*\)[^{]*\{\s*return `/.test(readFileSync(file, 'utf8')),
    );
    expect(named).toEqual([]);
  });

  it.each(CONTEXTS.aggregates)('are in a state before their first event: $category', ({ stateOf }) => {
    expect(stateOf([])).toHaveProperty('status');
  });
});
