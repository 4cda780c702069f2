import { v7 as uuidv7 } from 'uuid';
import { type MunicipalityEstablished, type WasteWeighed } from '#collection/events';
import { type Append, type NewEvent } from '#event-store';
import { type DomainEvent } from '#kernel';
import { type SchemePublished } from '#rewards/events';
import { SeededRandom } from '../../devices/scale-simulator/src/village/seeded-random.js';
import { type Call, type Offer } from './writer-journal.js';

const MUNICIPALITY = 'beitillu';
const HOUSEHOLDS = Array.from({ length: 12 }, (_, n) => `01931d5e-0000-7000-8000-${String(n).padStart(12, '0')}`);
const POINTS = ['school', 'square', 'mosque', 'clinic'];
/** What the scheme below pays, in micro-credits for a gram; textiles earn nothing. */
export const MICRO_CREDITS_PER_GRAM: Readonly<Record<string, bigint>> = {
  plastic: 2_500n,
  metal: 3_000n,
  organic: 70n,
  textiles: 0n,
};
const MATERIALS = Object.keys(MICRO_CREDITS_PER_GRAM);
const FIRST_WEIGHING_MS = Date.parse('2026-01-02T06:00:00.000Z');
const MINUTE_MS = 60_000;
const GRAMS_MAX = 12_000;
const BATCH_MAX = 8;
/** Positions of the log after which everybody goes on to the next container. */
const POSITIONS_PER_CONTAINER = 50;

/** A container that several crews empty: whoever writes to its history must have seen the end of it. */
interface ContainerEmptied extends DomainEvent {
  readonly type: 'ContainerEmptied';
  readonly data: { readonly by: string; readonly litres: number };
}

const ESTABLISHED: MunicipalityEstablished = {
  type: 'MunicipalityEstablished',
  data: {
    municipalityId: MUNICIPALITY,
    name: { ar: 'بيتللو', en: 'Beitillu' },
    timeZone: 'Asia/Hebron',
    currency: { code: 'ILS', decimals: 2 },
  },
};

const SCHEME: SchemePublished = {
  type: 'SchemePublished',
  data: {
    municipalityId: MUNICIPALITY,
    schemeId: 'rewards',
    version: 1,
    effectiveFrom: '2026-01-01T00:00:00.000Z',
    scheme: {
      title: { ar: 'مكافآت', en: 'Rewards' },
      creditsPerKilogram: { plastic: '2.5', metal: '3', organic: '0.07' },
      earnsDespite: [],
      feeReductionPerCredit: '0.10',
      yearlyFee: '120.00',
      yearlyReductionMax: '60.00',
    },
  },
};

/** What is there before anybody weighs: the municipality, and the scheme by which credits are added up. */
export function opening(): Call {
  const offer = (stream: string, event: DomainEvent): Offer => ({
    purpose: 'new',
    append: { stream, expected: 'no-stream', events: [toAppend('system', event)] },
  });
  const offers = [offer(`municipality-${MUNICIPALITY}`, ESTABLISHED), offer(`scheme-${MUNICIPALITY}`, SCHEME)];
  return { number: 0, method: 'appendBatch', offers };
}

/** What a writer has to know of the log to say something next. */
export interface View {
  /** Of the last event that it knows of. */
  readonly position: number;
  /** Appends of its own that were acknowledged. */
  readonly accepted: readonly Append[];
  /** The last revision of a stream; undefined when there is none. */
  readonly lastRevision: (stream: string) => Promise<number | undefined>;
}

/** Draws what a writer appends next. */
export class WriterTraffic {
  private readonly random: SeededRandom;

  constructor(
    private readonly writer: string,
    seed: readonly (string | number)[],
  ) {
    this.random = new SeededRandom(...seed);
  }

  async next(number: number, view: View): Promise<Call> {
    const draw = this.random.next();
    if (draw < 0.45) return { number, method: 'append', offers: [this.weighing(number)] };
    if (draw < 0.6) return { number, method: 'appendBatch', offers: this.batch(number, view) };
    if (draw < 0.8) return { number, method: 'append', offers: [await this.emptying(view)] };
    if (draw < 0.9) {
      // The weighing that filled a container, and its emptying: together or not at all.
      return { number, method: 'appendAtomically', offers: [this.weighing(number), await this.emptying(view)] };
    }
    return { number, method: 'append', offers: [this.known(view) ?? this.weighing(number)] };
  }

  private batch(number: number, view: View): readonly Offer[] {
    const offers = Array.from({ length: 1 + this.below(BATCH_MAX) }, (_, place) => this.weighing(number, place));
    const known = this.random.chance(0.5) ? this.known(view) : undefined;
    return known === undefined ? offers : offers.toSpliced(this.below(offers.length), 0, known);
  }

  /** Something acknowledged before: the same again, or something else under the same event id. */
  private known({ accepted }: View): Offer | undefined {
    if (accepted.length === 0) return undefined;
    const append = this.random.pick(accepted);
    if (this.random.chance(0.6)) return { purpose: 'repeat', append };
    const events = append.events.map((event) => ({ ...event, data: { ...event.data, note: 'something else' } }));
    return { purpose: 'alteration', append: { ...append, events } };
  }

  private weighing(number: number, place = 0): Offer {
    const netGrams = 1 + this.below(GRAMS_MAX);
    const weighedAt = new Date(FIRST_WEIGHING_MS + number * MINUTE_MS).toISOString();
    const weighingId = uuidv7();
    const event: WasteWeighed = {
      type: 'WasteWeighed',
      data: {
        weighingId,
        scaleId: this.writer,
        seq: number * (BATCH_MAX + 1) + place,
        pointId: this.random.pick(POINTS),
        householdId: this.random.chance(0.9) ? this.random.pick(HOUSEHOLDS) : null,
        cardHash: null,
        material: this.random.pick(MATERIALS),
        grossGrams: netGrams + 400,
        tareGrams: 400,
        netGrams,
        entry: 'measured',
        reasons: this.random.chance(0.9) ? [] : ['unstable'],
        alibiId: null,
        frame: null,
        weighedAt,
        clock: 'ntp',
        receivedAt: weighedAt,
        messageHash: 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg',
      },
    };
    const append: Append = {
      stream: `weighing-${weighingId}`,
      expected: 'no-stream',
      events: [toAppend(this.writer, event)],
    };
    return { purpose: 'new', append };
  }

  private async emptying({ position, lastRevision }: View): Promise<Offer> {
    const stream = `container-${Math.floor(position / POSITIONS_PER_CONTAINER)}`;
    const emptied = () =>
      toAppend<ContainerEmptied>(this.writer, {
        type: 'ContainerEmptied',
        data: { by: this.writer, litres: this.below(1_100) },
      });
    const events = Array.from({ length: 1 + this.below(3) }, emptied);
    return { purpose: 'new', append: { stream, expected: (await lastRevision(stream)) ?? 'no-stream', events } };
  }

  private below(limit: number): number {
    return Math.floor(this.random.between(0, limit));
  }
}

function toAppend<E extends DomainEvent>(actor: string, event: E): NewEvent<E> {
  const id = uuidv7();
  const metadata = { municipalityId: MUNICIPALITY, correlationId: id, causationId: id, actor };
  return { id, schemaVersion: 1, metadata, ...event };
}
