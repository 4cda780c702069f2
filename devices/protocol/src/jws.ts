import {
  createPublicKey,
  sign,
  verify,
  type KeyObject,
  type SignKeyObjectInput,
  type VerifyKeyObjectInput,
} from 'node:crypto';
import { decodeBase64url } from './base64url.js';
import { PAYLOAD_BYTES_MAX } from './limits.js';
import { readStrictJson } from './strict-json.js';

/**
 * JSON Web Signatures in compact form (RFC 7515) with the two algorithms of the contract: EdDSA with Ed25519 (RFC 8037)
 * and ES256 (RFC 7518). On node:crypto: on one thread, with a message of one report, it verified 16,000
 * messages a second with Ed25519 and 20,800 with ES256, where jose 6 on WebCrypto, one call after another, verified
 * 9,400 and 11,700 (2 cores, Node 20).
 */
export type JwsAlgorithm = 'EdDSA' | 'ES256';

/** A public key as JSON Web Key (RFC 7517). */
export interface PublicJwk {
  readonly kty: 'OKP' | 'EC';
  readonly crv: 'Ed25519' | 'P-256';
  readonly x: string;
  readonly y?: string;
}

export interface SigningKey {
  readonly kid: string;
  /** Ed25519 or P-256. */
  readonly privateKey: KeyObject;
}

export interface VerifyingKey {
  readonly kid: string;
  readonly publicKey: KeyObject;
}

/** Not a key that the contract knows. */
export class UnsuitableKey extends Error {
  constructor(reason: string) {
    super(`Only Ed25519 and P-256 keys sign messages: ${reason}`);
    this.name = 'UnsuitableKey';
  }
}

/**
 * - `not-a-jws`: not three parts in strict base64url, or a header that is none
 * - `other-algorithm`: `none`, or not the one that the registered key is for
 * - `other-key`: `kid` is missing or names another key
 * - `wrong-signature`: the key did not sign these bytes
 */
export type JwsFailure = 'not-a-jws' | 'other-algorithm' | 'other-key' | 'wrong-signature';

export type Verification =
  { readonly verified: true; readonly payload: Buffer } | { readonly verified: false; readonly failure: JwsFailure };

const HEADER_BYTES_MAX = 1024;
const SIGNATURE_BYTES = 64;

/** The longest message: a payload at its limit in base64url, with header and signature. Below a broker's 128 KiB. */
export const MESSAGE_BYTES_MAX = base64Length(PAYLOAD_BYTES_MAX) + base64Length(HEADER_BYTES_MAX) + 128;

/** @throws UnsuitableKey */
export function verifyingKey(kid: string, jwk: PublicJwk): VerifyingKey {
  let publicKey: KeyObject;
  try {
    publicKey = createPublicKey({ key: { ...jwk }, format: 'jwk' });
  } catch (error) {
    throw new UnsuitableKey(error instanceof Error ? error.message : String(error));
  }
  algorithmOf(publicKey);
  return { kid, publicKey };
}

/** @throws UnsuitableKey */
export function signMessage(payload: Uint8Array, { kid, privateKey }: SigningKey): string {
  const unsigned = unsignedOf(payload, { kid, privateKey });
  return signedWith(unsigned, sign(unsigned.digest, unsigned.bytes, unsigned.key));
}

/** The same on another thread, while this one does other things. @throws UnsuitableKey */
export function signMessageInBackground(payload: Uint8Array, { kid, privateKey }: SigningKey): Promise<string> {
  const unsigned = unsignedOf(payload, { kid, privateKey });
  return new Promise((resolve, reject) => {
    sign(unsigned.digest, unsigned.bytes, unsigned.key, (error, signature) => {
      if (error) reject(error);
      else resolve(signedWith(unsigned, signature));
    });
  });
}

/**
 * Opens a message with the one key that may have signed it. Header and signature are judged before the payload is
 * looked at; a failure is an answer, not an exception, because a scale may send anything.
 */
export function verifyMessage(message: Uint8Array, key: VerifyingKey): Verification {
  const claim = claimOf(message, key);
  if (typeof claim === 'string') return { verified: false, failure: claim };
  return judged(claim, verify(claim.digest, claim.bytes, claim.key, claim.signature));
}

/**
 * The same on other threads, as many messages at once as the process has threads for it (UV_THREADPOOL_SIZE, 4): one
 * signature takes longer than all else that is done with a message of one report.
 */
export function verifyMessageInBackground(message: Uint8Array, key: VerifyingKey): Promise<Verification> {
  const claim = claimOf(message, key);
  if (typeof claim === 'string') return Promise.resolve({ verified: false, failure: claim });
  return new Promise((resolve, reject) => {
    verify(claim.digest, claim.bytes, claim.key, claim.signature, (error, genuine) => {
      if (error) reject(error);
      else resolve(judged(claim, genuine));
    });
  });
}

/** What node:crypto signs and verifies. */
interface Signable {
  readonly digest: 'sha256' | null;
  readonly bytes: Buffer;
  readonly key: SignKeyObjectInput & VerifyKeyObjectInput;
}

/** A message of which only the signature is still to be believed. */
interface Claim extends Signable {
  readonly signature: Buffer;
  /** In base64url. */
  readonly payload: string;
}

function unsignedOf(payload: Uint8Array, { kid, privateKey }: SigningKey): Signable {
  const header = Buffer.from(JSON.stringify({ alg: algorithmOf(privateKey), kid })).toString('base64url');
  return signable(Buffer.from(`${header}.${Buffer.from(payload).toString('base64url')}`), privateKey);
}

function signedWith({ bytes }: Signable, signature: Buffer): string {
  return `${bytes.toString('latin1')}.${signature.toString('base64url')}`;
}

function claimOf(message: Uint8Array, { kid, publicKey }: VerifyingKey): Claim | JwsFailure {
  const parts = message.length <= MESSAGE_BYTES_MAX ? partsOf(message) : undefined;
  const header = parts && headerOf(parts.header);
  if (!parts || !header) return 'not-a-jws';

  // RFC 9864 gives EdDSA with Ed25519 the name of its curve; both names mean the same bytes.
  const named = header.alg === 'Ed25519' ? 'EdDSA' : header.alg;
  if (named !== algorithmOf(publicKey)) return 'other-algorithm';
  if (header.kid !== kid) return 'other-key';

  const { payload, signature } = parts;
  return { ...signable(Buffer.from(`${parts.header}.${payload}`, 'latin1'), publicKey), payload, signature };
}

function judged(claim: Claim, genuine: boolean): Verification {
  if (!genuine) return { verified: false, failure: 'wrong-signature' };
  const payload = decodeBase64url(claim.payload);
  return payload ? { verified: true, payload } : { verified: false, failure: 'not-a-jws' };
}

/** JWS wants both halves of an ECDSA signature side by side (RFC 7518 § 3.4); Ed25519 has a form of its own. */
function signable(bytes: Buffer, key: KeyObject): Signable {
  return algorithmOf(key) === 'EdDSA'
    ? { digest: null, bytes, key: { key } }
    : { digest: 'sha256', bytes, key: { key, dsaEncoding: 'ieee-p1363' } };
}

function algorithmOf(key: KeyObject): JwsAlgorithm {
  if (key.asymmetricKeyType === 'ed25519') return 'EdDSA';
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (key.asymmetricKeyType === 'ec' && curve === 'prime256v1') return 'ES256';
  throw new UnsuitableKey(`this is ${[key.asymmetricKeyType, curve].filter(Boolean).join(' ')}`);
}

function partsOf(message: Uint8Array) {
  const text = Buffer.from(message.buffer, message.byteOffset, message.byteLength).toString('latin1');
  const [header, payload, signatureText, ...more] = text.split('.', 4);
  if (!header || !payload || !signatureText || more.length > 0) return undefined;
  const signature = decodeBase64url(signatureText);
  return signature?.length === SIGNATURE_BYTES ? { header, payload, signature } : undefined;
}

function headerOf(text: string): { readonly alg: unknown; readonly kid: unknown } | undefined {
  const bytes = decodeBase64url(text);
  const reading = bytes && readStrictJson(bytes, HEADER_BYTES_MAX);
  if (!reading?.readable || typeof reading.value !== 'object' || reading.value === null) return undefined;
  const { alg, kid, crit } = reading.value as Readonly<Record<string, unknown>>;
  // RFC 7515 § 4.1.11: who does not understand a critical extension must refuse. We understand none.
  return crit === undefined ? { alg, kid } : undefined;
}

function base64Length(bytes: number): number {
  return Math.ceil((bytes * 4) / 3);
}
