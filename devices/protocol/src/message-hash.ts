import { createHash } from 'node:crypto';

/** base64url SHA-256 of a message's bytes as sent: its name in `previous`, in the log and in the evidence store. */
export function messageHash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64url');
}
