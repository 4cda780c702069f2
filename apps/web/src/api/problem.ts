import { isProblem } from '#api-client';

/** No answer: the network, the server, or something in between. */
export const UNREACHABLE = 'unreachable';
/** An answer that is not a problem document, such as a proxy's error page. */
const UNREADABLE = 'unreadable-answer';

/** Not a call that failed at all, but something in this application. */
const UNEXPECTED = 'unexpected';

/** The code of anything that was thrown, to be told to the municipality. */
export function codeOf(error: unknown): string {
  return error instanceof CallFailed ? error.code : UNEXPECTED;
}

/** A call that failed: what the api said (RFC 9457), or our own code where it said nothing. */
export class CallFailed extends Error {
  override readonly name = 'CallFailed';

  constructor(
    /** HTTP status; 0 where there was no answer. */
    readonly status: number,
    /** Stable kebab-case code, part of the api. */
    readonly code: string,
    /** In the reader's language, from the api; null where there was no answer. */
    readonly title: string | null = null,
    readonly detail: string | null = null,
  ) {
    super(`${code} (${String(status)})`);
  }
}

/** The failure that an answered error stands for. */
export function failureOf(status: number, body: unknown): CallFailed {
  return isProblem(body)
    ? new CallFailed(status, body.code, body.title, body.detail)
    : new CallFailed(status, status === 502 || status === 504 ? UNREACHABLE : UNREADABLE);
}

/** True for failures that may pass by themselves: no answer, too many requests, a server in trouble. */
export function mayPass(error: unknown): boolean {
  return !(error instanceof CallFailed) || error.status === 0 || error.status === 429 || error.status >= 500;
}
