import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { StoreOverloaded } from '#event-store';
import { type ScaleStatus } from '#protocol';
import { ScaleRegister } from '../record-weighing/scale-register.js';

/** What is heard within this time is written together. */
const WRITE_EVERY_MS = 500;
const WAITING_SCALES_MAX = 20_000;

interface News {
  status?: ScaleStatus;
  statusAt?: string;
  /** When the scale itself was heard; a last will is the broker's word. */
  seenAt?: string;
}

/**
 * Which scales are there: what each said of itself, and when anything was heard from it. Written in batches, and after it
 * was heard: whoever waited for that would hold up the weighings behind it, and a broker that has been away repeats the
 * state of every scale on every connection. A crash takes no more than the scales say again when they come back.
 */
@Injectable()
export class ScaleStatusBoard {
  private readonly log = new Logger(ScaleStatusBoard.name);
  private news = new Map<string, News>();
  /** The write that will take what is noted now. */
  private next: Promise<void> | undefined;
  private writeNow: () => void = () => undefined;
  private isClosed = false;

  constructor(
    private readonly database: DataSource,
    private readonly scales: ScaleRegister,
  ) {}

  /**
   * Notes what a scale said of itself. A scale that turns out not to be registered is left out.
   * @throws StoreOverloaded when too many scales wait to be written
   */
  said(scaleId: string, status: ScaleStatus, at: string): void {
    const noted = this.note(scaleId, { status, statusAt: at, ...(status === 'online' && { seenAt: at }) });
    if (!noted) throw new StoreOverloaded(`The states of ${this.news.size} scales wait already`);
  }

  /** Notes that a scale was heard. May get lost, which its next message repairs. */
  seen(scaleId: string, at: string): void {
    this.note(scaleId, { seenAt: at });
  }

  /** Writes what is noted now, and nothing that comes later; resolves when it is written, or has failed. */
  async close(): Promise<void> {
    this.writeNow();
    await this.next;
    this.isClosed = true;
    // What came while that was written.
    this.writeNow();
    await this.next;
  }

  private note(scaleId: string, news: News): boolean {
    const known = this.news.get(scaleId);
    if (!known && this.news.size >= WAITING_SCALES_MAX) return false;
    this.news.set(scaleId, { ...known, ...news });
    if (!this.isClosed) this.next ??= this.writeSoon();
    return true;
  }

  /** Never rejects. What could not be written is noted again, behind what was heard since. */
  private async writeSoon(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, WRITE_EVERY_MS);
      this.writeNow = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    const news = this.news;
    this.news = new Map();
    try {
      await this.write(news);
      this.next = undefined;
    } catch (error) {
      this.log.warn(`The state of ${news.size} scales was not written: ${String(error)}`);
      this.next = undefined;
      const since = this.news;
      this.news = news;
      for (const [scaleId, later] of since) this.note(scaleId, later);
    }
    if (this.news.size > 0 && !this.isClosed) this.next ??= this.writeSoon();
  }

  private async write(news: ReadonlyMap<string, News>): Promise<void> {
    const registered = await this.scales.find([...news.keys()]);
    const rows = registered.map((scale) => ({ ...scale, ...news.get(scale.scaleId) }));
    if (rows.length === 0) return;
    await this.database.query(
      `INSERT INTO ingest.scale_status AS known (scale_id, municipality_id, status, status_at, last_seen_at)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[])
         AS heard (scale_id, municipality_id, status, status_at, last_seen_at)
       ORDER BY scale_id
       ON CONFLICT (scale_id) DO UPDATE SET
         status = coalesce(excluded.status, known.status),
         status_at = coalesce(excluded.status_at, known.status_at),
         last_seen_at = greatest(excluded.last_seen_at, known.last_seen_at)`,
      [
        rows.map(({ scaleId }) => scaleId),
        rows.map(({ municipalityId }) => municipalityId),
        rows.map(({ status }) => status ?? null),
        rows.map(({ statusAt }) => statusAt ?? null),
        rows.map(({ seenAt }) => seenAt ?? null),
      ],
    );
  }
}
