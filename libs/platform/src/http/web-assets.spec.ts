import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { securityHeaders } from './security-headers.js';
import { serveWebAssets } from './web-assets.js';

@Module({})
class NoRoutes {}

let root: string;
let app: NestExpressApplication;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'mizan web '));
  await mkdir(path.join(root, 'assets'));
  await writeFile(path.join(root, 'index.html'), '<meta name="csp-nonce" content="__CSP_NONCE__"><p>Mizan</p>');
  await writeFile(path.join(root, 'favicon.svg'), '<svg/>');
  await writeFile(path.join(root, 'assets/index-4f3a.js'), 'export {};');
  const testing = await Test.createTestingModule({ imports: [NoRoutes] }).compile();
  app = testing.createNestApplication<NestExpressApplication>();
  app.use(securityHeaders);
  serveWebAssets(app, root);
  await app.listen(0, '127.0.0.1');
});
afterAll(async () => {
  await app.close();
  await rm(root, { recursive: true });
});

const get = async (address: string, accept = 'text/html,*/*') =>
  fetch(`${await app.getUrl()}${address}`, { headers: { Accept: accept } });

describe('the pages', () => {
  it.each(['/', '/household/visits', '/stocks?material=glass', '/index.html'])(
    'are one page at %s',
    async (address) => {
      const answer = await get(address);
      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain('<p>Mizan</p>');
    },
  );

  it('carry in each answer a nonce of its own, which its policy allows', async () => {
    const nonces = await Promise.all(
      ['/', '/index.html', '/stocks'].map(async (address) => {
        const answer = await get(address);
        const nonce = /content="([^"]+)"/.exec(await answer.text())?.[1] ?? '';
        expect(answer.headers.get('Content-Security-Policy')).toContain(`style-src 'self' 'nonce-${nonce}'`);
        expect(answer.headers.get('Cache-Control')).toBe('no-cache');
        return nonce;
      }),
    );
    expect(new Set(nonces).size).toBe(3);
    expect(nonces).not.toContain('__CSP_NONCE__');
  });

  it('are kept for ever where their name changes with their content, and asked about where it does not', async () => {
    const cacheOf = async (address: string) => (await get(address)).headers.get('Cache-Control');
    expect(await cacheOf('/assets/index-4f3a.js')).toBe('public, max-age=31536000, immutable');
    expect(await cacheOf('/favicon.svg')).toBe('no-cache');
  });

  it.each(['/assets/index-0000.js', '/missing.png', '/api/v1/nothing', '/health/nothing', '/../package.json'])(
    'are not what is answered at %s',
    async (address) => expect((await get(address)).status).toBe(404),
  );

  it('are for those who read pages', async () => {
    expect((await get('/stocks', 'application/json')).status).toBe(404);
  });
});
