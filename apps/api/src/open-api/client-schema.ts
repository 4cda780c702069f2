import openapiTypeScript, { astToString, COMMENT_HEADER } from 'openapi-typescript';

/** The types of libs/api-client/src/schema.ts, from the text of the OpenAPI document. */
export async function clientSchemaOf(document: string): Promise<string> {
  return COMMENT_HEADER + astToString(await openapiTypeScript(document));
}
