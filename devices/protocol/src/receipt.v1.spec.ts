import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { signMessage, verifyingKey, type PublicJwk } from './jws.js';
import { messageHash } from './message-hash.js';
import { receiptV1, signReceipt, verifyReceipt } from './receipt.v1.js';
import { signScaleConfig, verifyScaleConfig, type ScaleConfigV1 } from './scale-config.v1.js';
import { parseScaleStatus } from './status.js';

const { privateKey } = generateKeyPairSync('ed25519');
const signing = { kid: 'installation', privateKey };
const verifying = verifyingKey(
  'installation',
  createPublicKey(privateKey).export({ format: 'jwk' }) as unknown as PublicJwk,
);
const RECEIPT = receiptV1.parse(JSON.parse(readFileSync('devices/protocol/fixtures/receipt.v1.json', 'utf8')));

const CONFIG: ScaleConfigV1 = {
  schema: 'mizan/scale-config/1',
  scaleId: 'beitillu-01',
  materials: [{ material: 'glass', name: { ar: 'زجاج', en: 'Glass' } }],
  limits: { capacityGrams: 60_000, minimumGrams: 400, intervalGrams: 20 },
  verifiedUntil: '2027-12-31T23:59:59.000Z',
  serverTime: '2026-11-23T08:15:30.410Z',
};

describe('a receipt', () => {
  it('is read by who knows the key of the installation', () => {
    expect(verifyReceipt(Buffer.from(signReceipt(RECEIPT, signing)), verifying)).toEqual(RECEIPT);
  });

  it('is nothing when somebody else signed it, when it says something else, or when it is not signed', () => {
    const other = { kid: 'installation', privateKey: generateKeyPairSync('ed25519').privateKey };
    expect(verifyReceipt(Buffer.from(signReceipt(RECEIPT, other)), verifying)).toBeUndefined();
    expect(verifyReceipt(Buffer.from(signScaleConfig(CONFIG, signing)), verifying)).toBeUndefined();
    expect(verifyReceipt(Buffer.from(signMessage(Buffer.from('not json'), signing)), verifying)).toBeUndefined();
    expect(verifyReceipt(Buffer.from(JSON.stringify(RECEIPT)), verifying)).toBeUndefined();
  });
});

describe('a scale’s configuration', () => {
  it('is read by who knows the key of the installation, and is not a receipt', () => {
    expect(verifyScaleConfig(Buffer.from(signScaleConfig(CONFIG, signing)), verifying)).toEqual(CONFIG);
    expect(verifyScaleConfig(Buffer.from(signReceipt(RECEIPT, signing)), verifying)).toBeUndefined();
  });
});

describe('a scale’s status', () => {
  it.each([
    ['online', 'online'],
    ['offline', 'offline'],
    ['Online', undefined],
    ['', undefined],
    ['online ', undefined],
    ['offline and more', undefined],
  ])('"%s" is read as %s', (text, status) => {
    expect(parseScaleStatus(Buffer.from(text))).toBe(status);
  });
});

describe('the hash of a message', () => {
  it('is base64url SHA-256 of its bytes', () => {
    expect(messageHash(Buffer.from('abc'))).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0');
  });
});
