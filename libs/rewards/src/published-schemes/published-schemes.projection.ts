import { type MunicipalityEstablished } from '#collection/events';
import { Projection, type Recorded, type Transaction } from '#subscriptions';
import { type SchemePublished } from '../events/index.js';
import { SchemeBook } from './scheme-book.js';

/**
 * The published schemes, for whoever asks what one says. Apart from the credits, so that a scale learns what earns from
 * the first moment on, even while millions of credits are being counted again.
 */
export class PublishedSchemesProjection extends Projection<MunicipalityEstablished | SchemePublished> {
  readonly name = 'published-schemes';
  readonly version = 1;
  readonly tables = ['reward_municipality', 'reward_scheme'];
  readonly handles = ['MunicipalityEstablished', 'SchemePublished'] as const;

  async project(batch: readonly Recorded<MunicipalityEstablished | SchemePublished>[], tx: Transaction): Promise<void> {
    await PUBLISHED_SCHEMES.remember(batch, tx);
  }
}

/** The book that this projection keeps. */
export const PUBLISHED_SCHEMES = new SchemeBook({ municipality: 'reward_municipality', scheme: 'reward_scheme' });
