import { NestFactory } from '@nestjs/core';
import { type OpenAPIObject } from '@nestjs/swagger';
import { openApiDocument, placeRoutes, type PlatformParts } from '#platform';
import { ApiModule } from '../api.module.js';

/** Nest's preview makes no instance of anything, so nothing of this is used. */
const NO_PARTS = {} as PlatformParts;

/** The description of every route, made from the code alone: no database, no network. */
export async function describeApi(): Promise<OpenAPIObject> {
  const app = await NestFactory.create(ApiModule.forRoot(NO_PARTS), {
    preview: true,
    abortOnError: false,
    logger: false,
  });
  placeRoutes(app);
  return openApiDocument(app);
}

/** As it is kept in docs/openapi.json. */
export function textOf(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
