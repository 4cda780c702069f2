import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type HeardMessage } from './heard-message.js';

export interface Evidence {
  readonly heard: HeardMessage;
  readonly municipalityId: string;
}

/**
 * The received bytes themselves. Events hold only their hash, so that what was received can be proved as long as it is
 * kept, and erased without touching an event (architecture, decision 13).
 */
@Injectable()
export class EvidenceStore {
  constructor(private readonly database: DataSource) {}

  /** Durable when it resolves. One statement; what is there already stays as it is. */
  async keep(evidence: readonly Evidence[]): Promise<void> {
    await this.database.query(
      `INSERT INTO ingest.evidence (message_hash, topic, municipality_id, received_at, payload)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::bytea[])
         AS heard (message_hash, topic, municipality_id, received_at, payload)
       ORDER BY message_hash, topic
       ON CONFLICT (message_hash, topic) DO NOTHING`,
      [
        evidence.map(({ heard }) => heard.hash),
        evidence.map(({ heard }) => heard.topic),
        evidence.map(({ municipalityId }) => municipalityId),
        evidence.map(({ heard }) => heard.receivedAt),
        evidence.map(({ heard }) => heard.payload),
      ],
    );
  }
}
