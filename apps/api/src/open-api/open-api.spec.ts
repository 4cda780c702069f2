import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { clientSchemaOf } from './client-schema.js';
import { describeApi, textOf } from './document.js';

const root = path.resolve(import.meta.dirname, '../../../..');
const written = (file: string) => readFile(path.join(root, file), 'utf8');

/** Where this fails, run `npm run openapi` and look at what changed for the world outside. */
describe('the OpenAPI document', () => {
  it('says in docs/openapi.json what the code says', async () => {
    expect(await written('docs/openapi.json')).toBe(textOf(await describeApi()));
  });

  it('is what the client of the pages was made from', async () => {
    const schema = await clientSchemaOf(await written('docs/openapi.json'));
    expect(await written('libs/api-client/src/schema.ts')).toBe(schema);
  });
});
