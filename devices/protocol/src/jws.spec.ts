import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CompactSign, compactVerify } from 'jose';
import {
  MESSAGE_BYTES_MAX,
  signMessage,
  signMessageInBackground,
  UnsuitableKey,
  verifyingKey,
  verifyMessage,
  verifyMessageInBackground,
  type PublicJwk,
  type SigningKey,
  type VerifyingKey,
} from './jws.js';
import { PACKET_BYTES_MAX, PAYLOAD_BYTES_MAX } from './limits.js';

const PAYLOAD = Buffer.from('{"schema":"mizan/weighing-reports/1"}');

function pair(kid: string, algorithm: 'EdDSA' | 'ES256'): { signing: SigningKey; verifying: VerifyingKey } {
  const { privateKey, publicKey } =
    algorithm === 'EdDSA' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = publicKey.export({ format: 'jwk' }) as unknown as PublicJwk;
  return { signing: { kid, privateKey }, verifying: verifyingKey(kid, jwk) };
}

function withHeader(message: string, header: unknown): Buffer {
  const [, ...rest] = message.split('.');
  return Buffer.from([Buffer.from(JSON.stringify(header)).toString('base64url'), ...rest].join('.'));
}

describe.each(['EdDSA', 'ES256'] as const)('a message signed with %s', (algorithm) => {
  const { signing, verifying } = pair('scale-key-1', algorithm);
  const message = signMessage(PAYLOAD, signing);
  const verified = (bytes: string | Buffer, key = verifying) => verifyMessage(Buffer.from(bytes), key);

  it('gives back the payload, whatever it is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 2000 }), (payload) => {
        const opened = verified(signMessage(payload, signing));
        expect(opened).toEqual({ verified: true, payload: Buffer.from(payload) });
      }),
      { numRuns: 200 },
    );
  });

  it('is what other implementations of RFC 7515 read and write', async () => {
    const { payload, protectedHeader } = await compactVerify(message, verifying.publicKey);
    expect(Buffer.from(payload)).toEqual(PAYLOAD);
    expect(protectedHeader).toEqual({ alg: algorithm, kid: 'scale-key-1' });

    const theirs = await new CompactSign(PAYLOAD)
      .setProtectedHeader({ alg: algorithm, kid: 'scale-key-1', typ: 'JWS' })
      .sign(signing.privateKey);
    expect(verified(theirs)).toEqual({ verified: true, payload: PAYLOAD });
  });

  it('is refused with any of its letters changed, removed or doubled', () => {
    const letters = fc.constantFrom('A', 'B', 'b', 'g', '0', '9', '-', '_', '.', '=', '+', '/', '{', ' ', '\u00e9');
    fc.assert(
      fc.property(fc.nat(message.length - 1), letters, fc.constantFrom(0, 1, 2), (at, letter, kind) => {
        const changed =
          kind === 0
            ? message.slice(0, at) + letter + message.slice(at + 1)
            : message.slice(0, at) + (kind === 1 ? '' : letter) + message.slice(kind === 1 ? at + 1 : at);
        fc.pre(changed !== message);
        expect(verified(changed).verified).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it('is refused where the key that signed is not the registered one', () => {
    expect(verified(message, pair('scale-key-1', algorithm).verifying)).toMatchObject({ failure: 'wrong-signature' });
    expect(verified(message, pair('scale-key-2', algorithm).verifying)).toMatchObject({ failure: 'other-key' });
  });

  it.each([
    ['none', { alg: 'none', kid: 'scale-key-1' }, 'other-algorithm'],
    ['an HMAC over the public key', { alg: 'HS256', kid: 'scale-key-1' }, 'other-algorithm'],
    ['the other algorithm', { alg: algorithm === 'EdDSA' ? 'ES256' : 'EdDSA', kid: 'scale-key-1' }, 'other-algorithm'],
    ['no algorithm', { kid: 'scale-key-1' }, 'other-algorithm'],
    ['no key id', { alg: algorithm }, 'other-key'],
    ['a key id that is no text', { alg: algorithm, kid: ['scale-key-1'] }, 'other-key'],
    ['a critical extension', { alg: algorithm, kid: 'scale-key-1', crit: ['b64'], b64: false }, 'not-a-jws'],
    ['a list for a header', [algorithm, 'scale-key-1'], 'other-algorithm'],
    ['null for a header', null, 'not-a-jws'],
  ])('is refused with %s', (_, header, failure) => {
    expect(verified(withHeader(message, header))).toEqual({ verified: false, failure });
  });

  it('is signed and judged in the background as it is here', async () => {
    const inBackground = Buffer.from(await signMessageInBackground(PAYLOAD, signing));
    expect(verified(inBackground)).toEqual({ verified: true, payload: PAYLOAD });
    const anyMessage = fc.oneof(
      fc.constantFrom(message, inBackground.toString(), withHeader(message, { alg: 'none' }).toString(), ''),
      fc.nat(message.length - 1).map((at) => `${message.slice(0, at)}A${message.slice(at + 1)}`),
    );
    await fc.assert(
      fc.asyncProperty(anyMessage, async (text) => {
        expect(await verifyMessageInBackground(Buffer.from(text), verifying)).toEqual(verified(text));
      }),
      { numRuns: 200 },
    );
  });

  it('is refused without its signature', () => {
    expect(verified(`${message.split('.', 2).join('.')}.`)).toMatchObject({ failure: 'not-a-jws' });
  });
});

describe('a message that is none', () => {
  const { verifying } = pair('scale-key-1', 'EdDSA');

  it('is an answer, never an exception', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(verifyMessage(bytes, verifying)).toMatchObject({ verified: false });
      }),
    );
  });

  it('is refused by its size before it is read', () => {
    const { signing, verifying: key } = pair('scale-key-1', 'EdDSA');
    const largest = Buffer.from(signMessage(Buffer.alloc(PAYLOAD_BYTES_MAX, 0x20), signing));
    expect(verifyMessage(largest, key).verified).toBe(true);
    const larger = Buffer.from(signMessage(Buffer.alloc(MESSAGE_BYTES_MAX, 0x20), signing));
    expect(verifyMessage(larger, key)).toEqual({ verified: false, failure: 'not-a-jws' });
    expect(MESSAGE_BYTES_MAX).toBeLessThan(PACKET_BYTES_MAX);
  });
});

describe('keys', () => {
  it('of Ed25519 may be named by their curve (RFC 9864)', () => {
    const { signing, verifying } = pair('k', 'EdDSA');
    const header = Buffer.from('{"alg":"Ed25519","kid":"k"}').toString('base64url');
    const signedText = Buffer.from(`${header}.e30`);
    // Signed here by hand, because signMessage writes the older name, which more scales know.
    const signature = sign(null, signedText, signing.privateKey).toString('base64url');
    expect(verifyMessage(Buffer.from(`${signedText.toString()}.${signature}`), verifying)).toMatchObject({
      verified: true,
    });
  });

  it.each([
    ['RSA', generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey],
    ['Ed448', generateKeyPairSync('ed448').publicKey],
    ['P-384', generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey],
  ])('of %s are refused', (_, publicKey) => {
    expect(() => verifyingKey('k', publicKey.export({ format: 'jwk' }) as unknown as PublicJwk)).toThrow(UnsuitableKey);
  });

  it('that lie on no curve are refused', () => {
    const x = Buffer.alloc(32, 1).toString('base64url');
    expect(() => verifyingKey('k', { kty: 'EC', crv: 'P-256', x, y: x })).toThrow(UnsuitableKey);
  });
});
