/** What HTTP says where a code is not listed: the command was understood and refused (RFC 9110, 15.5.10). */
const REFUSED = 409;

/** The HTTP status of an error's code. Codes are the API; the status only tells clients that know no codes. */
const STATUS: Readonly<Record<string, number>> = {
  'invalid-input': 400,
  'malformed-body': 400,
  'bad-request': 400,
  'wrong-credentials': 401,
  'not-signed-in': 401,
  'cross-site-request': 403,
  'not-allowed': 403,
  'not-found': 404,
  'household-not-found': 404,
  'municipality-not-found': 404,
  'scheme-not-found': 404,
  'body-too-large': 413,
  'unsupported-body': 415,
  'idempotency-key-reused': 422,
  'too-many-attempts': 429,
  'too-many-idempotency-keys': 429,
  internal: 500,
  'read-model-behind': 503,
  'store-overloaded': 503,
  'store-unavailable': 503,
  'too-many-streams': 503,
  unavailable: 503,
};

/** Seconds after which trying again makes sense, where the error itself does not say. */
const RETRY_AFTER_SECONDS: Readonly<Record<string, number>> = {
  'idempotency-in-progress': 1,
  'read-model-behind': 1,
  'store-overloaded': 2,
  'store-unavailable': 2,
  'too-many-streams': 10,
  unavailable: 2,
};

export function problemStatus(code: string): number {
  return STATUS[code] ?? REFUSED;
}

export function retryAfterSeconds(code: string): number | undefined {
  return RETRY_AFTER_SECONDS[code];
}
