import 'reflect-metadata';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describeMessages } from '#protocol';
import { clientSchemaOf } from './client-schema.js';
import { describeApi, textOf } from './document.js';

/** `npm run openapi`: writes down what the code says. A test fails while the files say something else. */
const root = process.cwd();

const document = textOf(await describeApi());
await writeFile(path.join(root, 'docs/openapi.json'), document);
await writeFile(path.join(root, 'docs/asyncapi.json'), textOf(describeMessages()));
await writeFile(path.join(root, 'libs/api-client/src/schema.ts'), await clientSchemaOf(document));
