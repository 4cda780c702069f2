import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { searchTextOf } from '../household-names/search-text.js';
import { type HouseholdKind } from '../household/household.decider.js';

export const HOUSEHOLD_ORDERS = ['name', 'newest'] as const;
export type HouseholdOrder = (typeof HOUSEHOLD_ORDERS)[number];

export interface ListedHousehold {
  readonly householdId: string;
  /** null where none was given, or where it was erased. */
  readonly name: string | null;
  readonly kind: HouseholdKind;
  readonly persons: number;
}

export interface HouseholdSearch {
  /** Words that the name has, in any order and spelling, or the beginning of the id; '' finds all. */
  readonly search: string;
  readonly order: HouseholdOrder;
  /** The household that the page before ended with. */
  readonly after: string | undefined;
  readonly max: number;
}

interface HouseholdRow {
  readonly household_id: string;
  readonly name: string | null;
  readonly kind: HouseholdKind;
  readonly persons: number;
}

/**
 * The sort key of a household in each order. A place in the list is the id of a household, whose key is looked up: a
 * name has no business in an address.
 */
const ORDERS = {
  name: { key: 'nameless, sort_name, household_id', beyond: '>', sorted: 'nameless, sort_name, household_id' },
  newest: { key: 'position', beyond: '<', sorted: 'position DESC' },
} as const satisfies Record<HouseholdOrder, object>;

/** Finds a municipality's households by name. */
@Injectable()
export class HouseholdListReader {
  constructor(private readonly database: DataSource) {}

  async page(municipalityId: string, search: HouseholdSearch): Promise<readonly ListedHousehold[]> {
    const { key, beyond, sorted } = ORDERS[search.order];
    const words = searchTextOf(search.search).split(' ').filter(Boolean);
    const rows = await this.database.query<HouseholdRow[]>(
      `WITH listed AS NOT MATERIALIZED (
         SELECT h.household_id, h.kind, h.persons, h.position, p.name,
           p.household_id IS NULL AS nameless, coalesce(p.search_text, '') COLLATE "C" AS sort_name
         FROM household_register AS h
         LEFT JOIN personal.household AS p USING (municipality_id, household_id)
         WHERE municipality_id = $1
       )
       SELECT household_id, name, kind, persons FROM listed
       WHERE (sort_name LIKE ALL ($2::text[]) OR household_id::text LIKE $3)
         AND ($4::uuid IS NULL OR (${key}) ${beyond} (SELECT ${key} FROM listed WHERE household_id = $4))
       ORDER BY ${sorted}
       LIMIT $5`,
      [municipalityId, words.map((word) => `%${word}%`), idPattern(search.search), search.after ?? null, search.max],
    );
    return rows.map(({ household_id, ...household }) => ({ householdId: household_id, ...household }));
  }
}

const ID_BEGINNING = /^[0-9a-f][0-9a-f-]{3,35}$/;

/** A few letters are a word, not the beginning of an id; null compares as no match. */
function idPattern(search: string): string | null {
  const beginning = search.trim().toLowerCase();
  return ID_BEGINNING.test(beginning) ? `${beginning}%` : null;
}
