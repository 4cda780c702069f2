import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type SigningKey } from '#protocol';
import { readIfPresent, replaceDurably } from './queue/durable-file.js';

const KEY_FILE = 'key.pem';

/** An Ed25519 public key as JSON Web Key (RFC 8037). */
export interface Ed25519Jwk {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
}

/**
 * The key with which one scale signs what it says. Its `kid` is the RFC 7638 thumbprint of the public key: the name
 * follows from the key, so nobody has to hand names out.
 */
export interface ScaleKey extends SigningKey {
  readonly publicJwk: Ed25519Jwk;
}

/** The key in a scale's folder, made there on the first call. It never leaves the folder. */
export async function scaleKeyIn(folder: string): Promise<ScaleKey> {
  const path = join(folder, KEY_FILE);
  const stored = await readIfPresent(path);
  if (stored) return scaleKey(createPrivateKey(stored));

  const { privateKey } = generateKeyPairSync('ed25519');
  await mkdir(folder, { recursive: true });
  await replaceDurably(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), 0o600);
  return scaleKey(privateKey);
}

function scaleKey(privateKey: KeyObject): ScaleKey {
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
  if (x === undefined) throw new TypeError('The stored key of the scale is not an Ed25519 key');

  // RFC 7638: the required members in the order of the alphabet, no blanks.
  const canonical = JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x });
  return {
    kid: createHash('sha256').update(canonical).digest('base64url'),
    privateKey,
    publicJwk: { kty: 'OKP', crv: 'Ed25519', x },
  };
}
