import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** The public half of the receipt key as others see it (RFC 7517, RFC 8037). */
export interface ReceiptPublicJwk {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
  readonly kid: string;
  readonly alg: 'EdDSA';
  readonly use: 'sig';
}

export interface ReceiptKey {
  /** RFC 7638 thumbprint. */
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicJwk: ReceiptPublicJwk;
}

/**
 * The secrets that make an installation itself: the key that signs receipts, and the key under which card tokens are
 * hashed. They lie in files of the data folder that only its owner can read. Whoever loses the second can no longer
 * tell whose card is whose; whoever destroys it makes the cards in the log unlinkable for ever.
 */
export class InstallationKeys {
  private constructor(
    readonly receiptKey: ReceiptKey,
    private readonly cardKey: Buffer,
  ) {}

  /** Reads the keys of a folder, making them the first time. */
  static async load(folder: string): Promise<InstallationKeys> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const pem = await readOrMake(path.join(folder, 'receipt-key.pem'), () =>
      generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    );
    const card = await readOrMake(path.join(folder, 'card-key.hex'), () => randomBytes(32).toString('hex'));
    return new InstallationKeys(receiptKeyOf(createPrivateKey(pem)), Buffer.from(card, 'hex'));
  }

  /** base64url HMAC-SHA256 of a card's token: the same token always, and no way back without the key. */
  cardHash(token: string): string {
    return createHmac('sha256', this.cardKey).update(token).digest('base64url');
  }
}

function receiptKeyOf(privateKey: KeyObject): ReceiptKey {
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
  if (x === undefined) throw new Error('The receipt key is not an Ed25519 key');
  const kid = createHash('sha256')
    .update(JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }))
    .digest('base64url');
  return { kid, privateKey, publicJwk: { kty: 'OKP', crv: 'Ed25519', x, kid, alg: 'EdDSA', use: 'sig' } };
}

async function readOrMake(file: string, make: () => string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const made = make();
    // Written aside and renamed: a process killed here leaves no half of a key behind.
    const aside = `${file}.${process.pid}.new`;
    await writeFile(aside, made, { mode: 0o600, flush: true });
    await rename(aside, file);
    return made.trim();
  }
}
