import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '#kernel';
import { IdempotencyInProgress, IdempotencyKeyReused, TooManyIdempotencyKeys } from '../http.errors.js';

/** What a command answered: a body, or a refusal that is told again in the language of whoever asks again. */
export type FirstAnswer =
  | { readonly status: number; readonly body: unknown }
  | {
      readonly refusal: {
        readonly code: string;
        readonly message: string;
        readonly details: Readonly<Record<string, unknown>>;
      };
    };

export interface KeyedRequest {
  readonly accountId: string;
  readonly key: string;
  /** SHA-256 of what was asked for. */
  readonly requestHash: Buffer;
}

interface KeyRow {
  readonly request_hash: Buffer;
  readonly answer: FirstAnswer | null;
}

export const KEY_KEPT_MS = 24 * 3_600_000;
/** A request that has not been answered by now died with its process. */
export const ANSWER_MS_MAX = 60_000;
const WAIT_MS_MAX = 5_000;
const WAIT_POLL_MS = 50;
const KEYS_PER_ACCOUNT_MAX = 10_000;
const CLEANED_AT_ONCE_MAX = 5_000;

/** Counts no further than it has to. */
const KEYS_IN_USE = `SELECT count(*) FROM (SELECT 1 FROM api.idempotency_key WHERE account_id = $1 LIMIT $7) AS used`;

/**
 * The table of idempotency keys. A process that dies between recording a command and keeping its answer leaves a key
 * that may be claimed again after a minute: the command then runs a second time, so a command whose repetition would do
 * harm must carry an id of its own.
 */
@Injectable()
export class IdempotencyKeys {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
  ) {}

  /**
   * Claims a key for the first request with it (null), or gives the answer that the first one got, waiting a while for
   * one that is still being made.
   * @throws IdempotencyKeyReused, IdempotencyInProgress, TooManyIdempotencyKeys
   */
  async claim(request: KeyedRequest): Promise<FirstAnswer | null> {
    for (let waitedMs = 0; ; waitedMs += WAIT_POLL_MS) {
      if (await this.insert(request)) return null;
      const row = await this.find(request);
      if (row) {
        if (!row.request_hash.equals(request.requestHash)) throw new IdempotencyKeyReused();
        if (row.answer) return row.answer;
      } else if (await this.isFull(request.accountId)) {
        throw new TooManyIdempotencyKeys(KEYS_PER_ACCOUNT_MAX);
      }
      if (waitedMs >= WAIT_MS_MAX) throw new IdempotencyInProgress();
      await new Promise((resolve) => setTimeout(resolve, WAIT_POLL_MS));
    }
  }

  async keep({ accountId, key }: KeyedRequest, answer: FirstAnswer): Promise<void> {
    await this.database.query('UPDATE api.idempotency_key SET answer = $3 WHERE account_id = $1 AND key = $2', [
      accountId,
      key,
      JSON.stringify(answer),
    ]);
  }

  /** Lets go of a key whose request came to nothing, so that the same request may be tried again. */
  async release({ accountId, key }: KeyedRequest): Promise<void> {
    await this.database.query('DELETE FROM api.idempotency_key WHERE account_id = $1 AND key = $2 AND answer IS NULL', [
      accountId,
      key,
    ]);
  }

  /** Removes keys older than a day, a bounded number at a time; answers how many. */
  async clean(): Promise<number> {
    // TypeORM answers a DELETE with the rows and their number.
    const [, removed] = await this.database.query<[rows: unknown, count: number]>(
      `WITH old AS (
         SELECT account_id, key FROM api.idempotency_key WHERE first_seen_at < $1 ORDER BY first_seen_at LIMIT $2
       )
       DELETE FROM api.idempotency_key USING old
       WHERE idempotency_key.account_id = old.account_id AND idempotency_key.key = old.key`,
      [this.before(KEY_KEPT_MS), CLEANED_AT_ONCE_MAX],
    );
    return removed;
  }

  /** Takes a key that is free, over its day, or abandoned by a request that died. */
  private async insert({ accountId, key, requestHash }: KeyedRequest): Promise<boolean> {
    const rows = await this.database.query<readonly { key: string }[]>(
      `INSERT INTO api.idempotency_key AS held (account_id, key, request_hash, first_seen_at)
       SELECT $1, $2, $3, $4 WHERE (${KEYS_IN_USE}) < $7
       ON CONFLICT (account_id, key) DO UPDATE
         SET request_hash = excluded.request_hash, first_seen_at = excluded.first_seen_at, answer = NULL
         WHERE held.first_seen_at < $5
            OR (held.answer IS NULL AND held.first_seen_at < $6 AND held.request_hash = excluded.request_hash)
       RETURNING key`,
      [
        accountId,
        key,
        requestHash,
        this.clock.nowIso(),
        this.before(KEY_KEPT_MS),
        this.before(ANSWER_MS_MAX),
        KEYS_PER_ACCOUNT_MAX,
      ],
    );
    return rows.length > 0;
  }

  private async isFull(accountId: string): Promise<boolean> {
    const [row] = await this.database.query<readonly { full: boolean }[]>(
      'SELECT count(*) >= $2 AS full FROM api.idempotency_key WHERE account_id = $1',
      [accountId, KEYS_PER_ACCOUNT_MAX],
    );
    return row?.full ?? false;
  }

  private async find({ accountId, key }: KeyedRequest): Promise<KeyRow | undefined> {
    const rows = await this.database.query<readonly KeyRow[]>(
      'SELECT request_hash, answer FROM api.idempotency_key WHERE account_id = $1 AND key = $2',
      [accountId, key],
    );
    return rows[0];
  }

  private before(ms: number): string {
    return new Date(this.clock.nowMs() - ms).toISOString();
  }
}
