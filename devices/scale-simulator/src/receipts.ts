import { verifyingKey, verifyReceipt, type PublicJwk, type ReceiptV1, type VerifyingKey } from '#protocol';

const FETCH_TIMEOUT_MS = 5_000;
/** A receipt that no known key verifies makes the keys be fetched again, but not more often than this. */
const FETCH_PERIOD_MS_MIN = 2_000;

/** The public keys with which an installation signs its receipts. */
export interface ReceiptKeys {
  known(): Promise<readonly VerifyingKey[]>;
  /** Looks whether there are others by now. */
  renewed(): Promise<readonly VerifyingKey[]>;
}

/** A public key and its name, as a JWK set holds it (RFC 7517). */
export type NamedJwk = PublicJwk & { readonly kid: string };

/** Keys that are known beforehand and stay. */
export function knownReceiptKeys(...keys: readonly NamedJwk[]): ReceiptKeys {
  const known = Promise.resolve(keys.map((key) => verifyingKey(key.kid, key)));
  return { known: () => known, renewed: () => known };
}

/** Keys that the installation publishes, for example at `/.well-known/jwks.json`; fetched when first needed. */
export function publishedReceiptKeys(url: string): ReceiptKeys {
  let keys: Promise<readonly VerifyingKey[]> | undefined;
  let isFailed = false;
  let fetchAgainAtMs = 0;
  const renewed = () => {
    if (keys && performance.now() < fetchAgainAtMs) return keys;
    fetchAgainAtMs = performance.now() + FETCH_PERIOD_MS_MIN;
    isFailed = false;
    keys = fetchKeys(url);
    keys.catch(() => {
      isFailed = true;
    });
    return keys;
  };
  return { known: () => (keys && !isFailed ? keys : renewed()), renewed };
}

/**
 * What a receipt says once its signature holds; undefined for anything else, and for a receipt of another scale.
 * @throws when the keys cannot be fetched
 */
export async function readReceipt(
  message: Uint8Array,
  scaleId: string,
  keys: ReceiptKeys,
): Promise<ReceiptV1 | undefined> {
  const receipt = verifiedBy(await keys.known(), message) ?? verifiedBy(await keys.renewed(), message);
  return receipt?.scaleId === scaleId ? receipt : undefined;
}

function verifiedBy(keys: readonly VerifyingKey[], message: Uint8Array): ReceiptV1 | undefined {
  for (const key of keys) {
    const receipt = verifyReceipt(message, key);
    if (receipt) return receipt;
  }
  return undefined;
}

async function fetchKeys(url: string): Promise<readonly VerifyingKey[]> {
  const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  const { keys } = (await response.json()) as { keys: readonly NamedJwk[] };
  return keys.map((key) => verifyingKey(key.kid, key));
}
