import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '#kernel';
import { Settings } from '#platform';
import { type Account } from '../account/account.js';
import { accountFrom, type AccountRow } from '../account/accounts.js';

/** A session that nobody uses is over after this time … */
export const SESSION_IDLE_MS_MAX = 7 * 24 * 3_600_000;
/** … and any session after this. */
export const SESSION_MS_MAX = 30 * 24 * 3_600_000;
/** Use is written down no more often than this. */
const USE_NOTED_EVERY_MS = 5 * 60_000;
const SESSIONS_PER_ACCOUNT_MAX = 20;
const CLEANED_AT_ONCE_MAX = 5_000;
const TOKEN_BYTES = 32;

interface SessionRow extends AccountRow {
  readonly used_at: Date;
}

/** Who is signed in where. The token is known to the browser alone; here lies its hash. */
@Injectable()
export class Sessions {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {}

  /** Starts a session and answers its token. An account's oldest sessions beyond a bound are ended. */
  async start({ accountId }: Account): Promise<string> {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    await this.database.query(
      `INSERT INTO identity.session (token_hash, account_id, started_at, used_at) VALUES ($1, $2, $3, $3)`,
      [hashOf(token), accountId, this.clock.nowIso()],
    );
    await this.database.query(
      `DELETE FROM identity.session WHERE token_hash IN (
         SELECT token_hash FROM identity.session WHERE account_id = $1 ORDER BY used_at DESC, token_hash OFFSET $2)`,
      [accountId, SESSIONS_PER_ACCOUNT_MAX],
    );
    return token;
  }

  /** Whose session it is; null for one that is over, or never was. Using it makes it last longer, up to its maximum. */
  async accountOf(token: string): Promise<Account | null> {
    const [row] = await this.database.query<readonly SessionRow[]>(
      `SELECT account_id, name, role, municipality_id, household_id, used_at
       FROM identity.session JOIN identity.account USING (account_id)
       WHERE token_hash = $1 AND used_at > $2 AND started_at > $3 AND (NOT is_demo OR $4)`,
      [hashOf(token), this.before(SESSION_IDLE_MS_MAX), this.before(SESSION_MS_MAX), this.settings.demo],
    );
    if (!row) return null;
    if (row.used_at.getTime() < this.clock.nowMs() - USE_NOTED_EVERY_MS) await this.noteUse(token);
    return accountFrom(row);
  }

  async end(token: string): Promise<void> {
    await this.database.query('DELETE FROM identity.session WHERE token_hash = $1', [hashOf(token)]);
  }

  /** Removes sessions that are over, a bounded number at a time; answers how many. */
  async clean(): Promise<number> {
    // TypeORM answers a DELETE with the rows and their number.
    const [, removed] = await this.database.query<[rows: unknown, count: number]>(
      `DELETE FROM identity.session WHERE token_hash IN (
         SELECT token_hash FROM identity.session WHERE used_at <= $1 OR started_at <= $2 LIMIT $3)`,
      [this.before(SESSION_IDLE_MS_MAX), this.before(SESSION_MS_MAX), CLEANED_AT_ONCE_MAX],
    );
    return removed;
  }

  private async noteUse(token: string): Promise<void> {
    await this.database.query('UPDATE identity.session SET used_at = $2 WHERE token_hash = $1', [
      hashOf(token),
      this.clock.nowIso(),
    ]);
  }

  private before(ms: number): string {
    return new Date(this.clock.nowMs() - ms).toISOString();
  }
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
