import createClient, { type Client } from 'openapi-fetch';
import { type paths } from './schema.js';

export type ApiClient = Client<paths>;

/** What is wrong with one field of an input. */
export interface FieldProblem {
  /** Path of the field, such as `publicKey.kty`. */
  readonly field: string;
  readonly code: string;
  /** In the language of the request. */
  readonly message: string;
}

/** An error of the API (RFC 9457). `code` never changes; `title` and `detail` are in the language of the request. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly correlationId: string;
  readonly errors?: readonly FieldProblem[];
}

/**
 * Every call answers `{data}` or `{error: Problem}` and is typed by the OpenAPI document.
 * @param baseUrl where the API is; the empty default is the page's own origin, whose cookie session it then uses
 */
export function createApiClient(baseUrl = ''): ApiClient {
  return createClient<paths>({ baseUrl, credentials: 'same-origin' });
}

/** Whether something that was thrown or answered is a problem of the API, and not a network that is down. */
export function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value && 'status' in value && 'title' in value;
}

/**
 * The address of the live stream, for EventSource: events named `weighing` whose data is a LiveWeighing and whose id is
 * its log position. A browser that reconnects resumes by itself after the last id it saw.
 */
export function liveWeighingsUrl(baseUrl = ''): string {
  return `${baseUrl}/api/v1/weighings/live`;
}
