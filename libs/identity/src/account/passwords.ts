import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { Injectable } from '@nestjs/common';

/** OWASP Password Storage Cheat Sheet for Argon2id, which is this library's default: 19 MiB, 2 passes, 1 lane. */
const ARGON2ID = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Turns passwords into what may be stored, and checks them, off the event loop. */
@Injectable()
export class Passwords {
  /** What a password is compared with where there is no account, so that both take as long. */
  private readonly nobodysHash = this.hash(randomBytes(32).toString('base64'));

  hash(password: string): Promise<string> {
    return hash(normalized(password), ARGON2ID);
  }

  /** @param stored a hash made here, or undefined where there is no account: the answer is then always no. */
  async matches(password: string, stored: string | undefined): Promise<boolean> {
    const same = await verify(stored ?? (await this.nobodysHash), normalized(password));
    return same && stored !== undefined;
  }
}

/** A keyboard may compose the same letter in several ways; a person cannot see which. */
function normalized(password: string): string {
  return password.normalize('NFKC');
}
