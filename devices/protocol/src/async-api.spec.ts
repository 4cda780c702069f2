import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv, type Options } from 'ajv';
import formats from 'ajv-formats';
import { describeMessages } from './async-api.js';

const root = path.resolve(import.meta.dirname, '../../..');
const json = async (file: string) => JSON.parse(await readFile(path.join(root, file), 'utf8')) as unknown;

/** JSON Schema draft 7, as AsyncAPI has it. */
const withFormats = (options: Options) => formats.default(new Ajv({ strict: false, allErrors: true, ...options }));
const ajv = withFormats({});

interface Described {
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

/** Where this fails, run `npm run openapi` and look at what changed for scales. */
describe('the AsyncAPI document', () => {
  const document = describeMessages() as Described;

  it('says in docs/asyncapi.json what the code says', async () => {
    expect(await json('docs/asyncapi.json')).toEqual(JSON.parse(JSON.stringify(document)));
  });

  it('is one of AsyncAPI 3.0', () => {
    const { schemas } = createRequire(import.meta.url)('@asyncapi/specs') as { schemas: Record<string, object> };
    // It brings its own copy of JSON Schema.
    const standard = withFormats({ meta: false, validateSchema: false }).compile(schemas['3.0.0'] ?? false);
    standard(document);
    expect(standard.errors).toBeNull();
  });

  it.each([
    ['weighingReportsV1', 'weighing-reports.v1.json'],
    ['receiptV1', 'receipt.v1.json'],
  ])('describes in %s the example that is kept', async (schema, fixture) => {
    const isValid = ajv.compile(document.components.schemas[schema] ?? false);
    isValid(await json(`devices/protocol/fixtures/${fixture}`));
    expect(isValid.errors).toBeNull();
  });

  it.each([
    ['without its reports', (message: object) => ({ ...message, reports: [] })],
    ['of another schema', (message: object) => ({ ...message, schema: 'mizan/weighing-reports/2' })],
    ['of no scale', (message: object) => ({ ...message, scaleId: 'a/b' })],
  ])('does not describe a message %s', async (_, changed) => {
    const isValid = ajv.compile(document.components.schemas['weighingReportsV1'] ?? true);
    expect(isValid(changed((await json('devices/protocol/fixtures/weighing-reports.v1.json')) as object))).toBe(false);
  });
});
