import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventRegistry, Streams } from '#event-store';
import { InMemoryEventStore } from '#event-store/testing';
import {
  appendSamples,
  openReadModel,
  projectionContract,
  recorded,
  type SampleEvent,
  type TestReadModel,
} from '#subscriptions/testing';
import { cardStream } from '../card/card.stream.js';
import { householdsEventTypes } from '../event-types.js';
import { type CardIssued } from '../events/household.events.js';
import { householdsReadModelMigrations } from '../migrations/index.js';
import { CardRegisterProjection } from './card-register.projection.js';
import { CardRegisterReader } from './card-register.reader.js';

const HOME = '01931d5e-7c1a-7cc3-9d6e-3a5b1c2d4e5f';

function issued(cardHash: string, municipalityId = 'beitillu'): SampleEvent<CardIssued> {
  return {
    type: 'CardIssued',
    stream: cardStream(cardHash),
    municipalityId,
    data: { municipalityId, householdId: HOME, cardHash },
  };
}

const [FIRST, SECOND, ELSEWHERE, JUST_ISSUED] = [
  issued('hash-of-first'),
  issued('hash-of-second'),
  issued('hash-of-third', 'elsewhere'),
  issued('hash-of-fourth'),
];

projectionContract(new CardRegisterProjection(), {
  migrations: householdsReadModelMigrations,
  samples: [FIRST, SECOND, ELSEWHERE],
});

describe('the register of cards', () => {
  let readModel: TestReadModel;
  let register: CardRegisterReader;

  beforeAll(async () => {
    readModel = await openReadModel(householdsReadModelMigrations);
    const store = new InMemoryEventStore();
    register = new CardRegisterReader(readModel.database, new Streams(store, new EventRegistry(householdsEventTypes)));
    await appendSamples(store, [FIRST, SECOND, ELSEWHERE, JUST_ISSUED]);
    const events = recorded<CardIssued>([FIRST, SECOND, ELSEWHERE]);
    await readModel.project(new CardRegisterProjection(), events);
    // Hearing the same again changes nothing.
    await readModel.project(new CardRegisterProjection(), events);
  });
  afterAll(() => readModel.close());

  const beitillu = (cardHash: string) => ({ municipalityId: 'beitillu', cardHash });

  it('has a row for each card', async () => {
    expect(await readModel.rows('card_register')).toEqual([
      { card_hash: 'hash-of-first', municipality_id: 'beitillu', household_id: HOME },
      { card_hash: 'hash-of-second', municipality_id: 'beitillu', household_id: HOME },
      { card_hash: 'hash-of-third', municipality_id: 'elsewhere', household_id: HOME },
    ]);
  });

  it('tells whose cards they are', async () => {
    const found = await register.find([
      beitillu('hash-of-first'),
      beitillu('hash-of-second'),
      beitillu('hash-of-first'),
    ]);
    expect(found).toHaveLength(2);
    expect(found).toEqual(
      expect.arrayContaining([
        { ...beitillu('hash-of-first'), householdId: HOME },
        { ...beitillu('hash-of-second'), householdId: HOME },
      ]),
    );
  });

  it('finds a card in the log that the read model has not heard of yet', async () => {
    expect(await register.find([beitillu('hash-of-fourth')])).toEqual([
      { ...beitillu('hash-of-fourth'), householdId: HOME },
    ]);
  });

  it('does not know a card of another municipality, nor one that nobody issued', async () => {
    expect(await register.find([beitillu('hash-of-third'), beitillu('nobody')])).toEqual([]);
    expect(await register.find([])).toEqual([]);
  });
});
