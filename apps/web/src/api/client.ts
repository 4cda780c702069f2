import { createApiClient } from '#api-client';
import { CallFailed, failureOf, UNREACHABLE } from './problem.js';

/** Slower than any answer we expect; what takes longer is reported as unreachable instead of hanging. */
const ANSWER_MS_MAX = 20_000;

/** The language that the page is in; the api words its problems in it. */
function languageHeader(): Record<string, string> {
  return { 'Accept-Language': document.documentElement.lang };
}

/** The typed client of this page's own origin. Its calls throw CallFailed through `answerOf`. */
export const api = createApiClient();

api.use({
  onRequest({ request }) {
    for (const [name, value] of Object.entries(languageHeader())) request.headers.set(name, value);
    return new Request(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(ANSWER_MS_MAX)]) });
  },
});

interface Called<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/**
 * The body of a call that succeeded.
 * @throws CallFailed with the api's code, or `unreachable` where no answer came
 */
export async function answerOf<Data>(call: Promise<Called<Data>>): Promise<Data> {
  const called = await call.catch((error: unknown) => {
    // A call that this page gave up (another search, another page) is not a failure to report.
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new CallFailed(0, UNREACHABLE);
  });
  if (!called.response.ok) throw failureOf(called.response.status, called.error);
  // A 204 has no body: its type is `never` and nobody reads it.
  return called.data as Data;
}
