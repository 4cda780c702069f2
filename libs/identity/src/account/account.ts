/** Who may do what; a route names the roles it is for. */
export const ROLES = ['household', 'operator', 'clerk', 'recycler'] as const;
export type Role = (typeof ROLES)[number];

/** Somebody who can sign in, as far as routes need to know. */
export interface Account {
  readonly accountId: string;
  /** How the person is addressed on screen. Never written into an event. */
  readonly name: string;
  readonly role: Role;
  readonly municipalityId: string;
  /** The household that an account of the role `household` sees; null for every other role. */
  readonly householdId: string | null;
}
