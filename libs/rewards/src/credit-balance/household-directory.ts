/** What a balance says about whose it is. */
export interface HouseholdEntry {
  /** For people who may see it; null where no name is kept. */
  readonly name: string | null;
}

/** Which households there are. A port: they belong to another context, and whoever composes the process binds it. */
export abstract class HouseholdDirectory {
  /** Null where the municipality has no such household. */
  abstract find(municipalityId: string, householdId: string): Promise<HouseholdEntry | null>;
}
