import { createPublicKey, sign, verify } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InstallationKeys } from './installation-keys.js';

describe('the keys of an installation', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'mizan keys '));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('are made once and stay the same', async () => {
    const [first, second] = [await InstallationKeys.load(folder), await InstallationKeys.load(folder)];
    expect(second.receiptKey.publicJwk).toEqual(first.receiptKey.publicJwk);
    expect(second.cardHash('04A1B2C3D4E5F6')).toBe(first.cardHash('04A1B2C3D4E5F6'));
  });

  it('differ from one installation to the next', async () => {
    const [one, other] = [
      await InstallationKeys.load(path.join(folder, 'one')),
      await InstallationKeys.load(path.join(folder, 'other')),
    ];
    expect(one.cardHash('04A1B2C3D4E5F6')).not.toBe(other.cardHash('04A1B2C3D4E5F6'));
    expect(one.receiptKey.kid).not.toBe(other.receiptKey.kid);
  });

  it('sign what the published key verifies', async () => {
    const { receiptKey } = await InstallationKeys.load(folder);
    const text = Buffer.from('a receipt');
    const publicKey = createPublicKey({ key: { ...receiptKey.publicJwk }, format: 'jwk' });
    expect(verify(null, text, publicKey, sign(null, text, receiptKey.privateKey))).toBe(true);
  });

  it('are readable by their owner only', async () => {
    await InstallationKeys.load(folder);
    expect((await stat(path.join(folder, 'receipt-key.pem'))).mode & 0o077).toBe(0);
  });
});
