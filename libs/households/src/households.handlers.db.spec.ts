import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type DataSource } from 'typeorm';
import { EventRegistry, Streams, type EventMetadata } from '#event-store';
import { InMemoryEventStore } from '#event-store/testing';
import { InvalidFields } from '#kernel';
import { InstallationKeys, migrate, openDatabase } from '#platform';
import { startTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { CardAlreadyIssued } from './card/card.errors.js';
import { householdsEventTypes } from './event-types.js';
import { HouseholdNames } from './household-names/household-names.js';
import { HouseholdAlreadyRegistered, HouseholdNotFound } from './household/household.errors.js';
import { householdsMigrations } from './migrations/index.js';
import { RegisterHouseholdCommand } from './register-household/register-household.command.js';
import { RegisterHouseholdHandler } from './register-household/register-household.handler.js';
import { IssueCardCommand } from './issue-card/issue-card.command.js';
import { IssueCardHandler } from './issue-card/issue-card.handler.js';

const HOME = '01931d5e-7c1a-7cc3-9d6e-3a5b1c2d4e5f';
const NEIGHBOUR = '01931d5e-7c1a-7cc3-9d6e-3a5b1c2d4e60';
const CARD = '04A1B2C3D4E5F6';
const BY_CLERK: EventMetadata = {
  municipalityId: 'beitillu',
  correlationId: 'request-1',
  causationId: 'request-1',
  actor: 'clerk-1',
};

describe('the commands of households', () => {
  let test: TestDatabase;
  let database: DataSource;
  let folder: string;
  let keys: InstallationKeys;
  let store: InMemoryEventStore;
  let registering: RegisterHouseholdHandler;
  let issuing: IssueCardHandler;

  beforeAll(async () => {
    test = await startTestDatabase();
    await migrate(test.url, { core: householdsMigrations, readModel: [] });
    database = await openDatabase(test.url);
    folder = await mkdtemp(path.join(tmpdir(), 'mizan-keys-'));
    keys = await InstallationKeys.load(folder);
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
    await database.destroy();
    await test.stop();
  });

  beforeEach(async () => {
    await database.query('TRUNCATE personal.household');
    store = new InMemoryEventStore();
    const streams = new Streams(store, new EventRegistry(householdsEventTypes));
    registering = new RegisterHouseholdHandler(streams, new HouseholdNames(database));
    issuing = new IssueCardHandler(streams, keys);
  });

  const register = (householdId: string, persons = 5, name: string | null = 'أحمد') =>
    registering.execute(new RegisterHouseholdCommand({ householdId, kind: 'home', persons }, name, BY_CLERK));
  const issue = (householdId: string, card = CARD, metadata = BY_CLERK) =>
    issuing.execute(new IssueCardCommand(householdId, card, metadata));
  const names = () => database.query<unknown[]>('SELECT household_id, municipality_id, name FROM personal.household');

  it('record a household without its name, which is kept where it can be erased', async () => {
    const { position } = await register(HOME);

    const [event] = store.all();
    expect(event).toMatchObject({
      position,
      stream: `household-${HOME}`,
      type: 'HouseholdRegistered',
      metadata: BY_CLERK,
    });
    expect(JSON.stringify(event)).not.toContain('أحمد');
    expect(await names()).toEqual([{ household_id: HOME, municipality_id: 'beitillu', name: 'أحمد' }]);
  });

  it('record a household once, and refuse another one under its id without touching its name', async () => {
    const first = await register(HOME);
    expect(await register(HOME)).toEqual(first);
    await expect(register(HOME, 6, 'Another')).rejects.toThrow(HouseholdAlreadyRegistered);
    expect(store.all()).toHaveLength(1);
    expect(await names()).toEqual([{ household_id: HOME, municipality_id: 'beitillu', name: 'أحمد' }]);
  });

  it('keep no name for a household that gives none, and refuse what no household is', async () => {
    await register(HOME, 5, null);
    await expect(register(NEIGHBOUR, 0, null)).rejects.toThrow(InvalidFields);
    expect(await names()).toEqual([]);
  });

  it('record a card by its keyed hash, never by its token', async () => {
    await register(HOME);
    const { position } = await issue(HOME);

    const event = store.all().at(-1);
    expect(event).toMatchObject({
      position,
      stream: `card-${keys.cardHash(CARD)}`,
      type: 'CardIssued',
      data: { municipalityId: 'beitillu', householdId: HOME, cardHash: keys.cardHash(CARD) },
    });
    expect(JSON.stringify(store.all())).not.toContain(CARD);
  });

  it('record a card once, and only for one household', async () => {
    await register(HOME);
    await register(NEIGHBOUR);
    const first = await issue(HOME);
    expect(await issue(HOME)).toEqual(first);
    await expect(issue(NEIGHBOUR)).rejects.toThrow(CardAlreadyIssued);
  });

  it('let one household win when two claim a card at once', async () => {
    await register(HOME);
    await register(NEIGHBOUR);
    const claims = await Promise.allSettled([issue(HOME), issue(NEIGHBOUR)]);
    expect(claims.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('refuse a card for a household that is not there, or not in this municipality', async () => {
    await register(HOME);
    await expect(issue(NEIGHBOUR)).rejects.toThrow(HouseholdNotFound);
    await expect(issue(HOME, CARD, { ...BY_CLERK, municipalityId: 'elsewhere' })).rejects.toThrow(HouseholdNotFound);
  });
});
