import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { knownReceiptKeys, publishedReceiptKeys, readReceipt } from './receipts.js';
import { TestReceiptKey } from './testing.js';

const SCALE = 'beitillu-01';
const installation = new TestReceiptKey();
const stranger = new TestReceiptKey();

describe('a receipt', () => {
  it('is what the installation signed for this scale', async () => {
    const receipt = await readReceipt(Buffer.from(installation.receipt(SCALE, 7)), SCALE, installation.keys);
    expect(receipt).toMatchObject({ scaleId: SCALE, ackedSeq: 7 });
  });

  it.each([
    ['signed by somebody else under the same name', stranger.receipt(SCALE, 7)],
    ['for another scale', installation.receipt('beitillu-02', 7)],
    ['changed on the way', installation.receipt(SCALE, 7).replace(/\.[^.]*\./, `.${encoded(SCALE, 8)}.`)],
    ['not signed', JSON.stringify({ schema: 'mizan/receipt/1', scaleId: SCALE, ackedSeq: 7, results: [] })],
    ['nothing of the kind', 'hello'],
  ])('is not what is %s', async (_, message) => {
    expect(await readReceipt(Buffer.from(message), SCALE, installation.keys)).toBeUndefined();
  });

  it('may be signed by any of several keys', async () => {
    const keys = knownReceiptKeys(new TestReceiptKey('older').jwk, installation.jwk);
    expect(await readReceipt(Buffer.from(installation.receipt(SCALE, 7)), SCALE, keys)).toBeDefined();
  });
});

function encoded(scaleId: string, ackedSeq: number): string {
  const [, payload = ''] = installation.receipt(scaleId, ackedSeq).split('.');
  return payload;
}

describe('published keys', () => {
  const servers: ReturnType<typeof createServer>[] = [];

  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  /** Answers with what `body` says at that moment, and counts the questions. */
  async function publisher(body: () => object | undefined) {
    const asked = { times: 0 };
    const server = createServer((_, response) => {
      asked.times += 1;
      const content = body();
      response.statusCode = content ? 200 : 503;
      response.end(JSON.stringify(content ?? {}));
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return { url: `http://127.0.0.1:${port}/.well-known/jwks.json`, asked };
  }

  it('are fetched once, when the first receipt comes', async () => {
    const { url, asked } = await publisher(() => ({ keys: [installation.jwk] }));
    const keys = publishedReceiptKeys(url);
    expect(asked.times).toBe(0);
    for (const seq of [1, 2, 3]) {
      expect(await readReceipt(Buffer.from(installation.receipt(SCALE, seq)), SCALE, keys)).toBeDefined();
    }
    expect(asked.times).toBe(1);
  });

  it('are not fetched again and again for forged receipts', async () => {
    const { url, asked } = await publisher(() => ({ keys: [installation.jwk] }));
    const keys = publishedReceiptKeys(url);
    for (const seq of [1, 2, 3, 4]) {
      expect(await readReceipt(Buffer.from(stranger.receipt(SCALE, seq)), SCALE, keys)).toBeUndefined();
    }
    expect(asked.times).toBe(1);
  });

  it('that cannot be fetched leave the receipt unread', async () => {
    const { url } = await publisher(() => undefined);
    const reading = readReceipt(Buffer.from(installation.receipt(SCALE, 1)), SCALE, publishedReceiptKeys(url));
    await expect(reading).rejects.toThrow('503');
  });
});
