import { rm } from 'node:fs/promises';

export default async function globalTeardown() {
  await globalThis.mizanTest.postgres.stop();
  await rm(globalThis.mizanTest.dataDir, { recursive: true });
}
