import { type Role } from '../account/account.js';

export interface DemoAccount {
  readonly role: Role;
  readonly login: string;
  readonly password: string;
  readonly name: string;
}

/** What a stranger needs to try the demo; the process that loads the demo provides it. */
export abstract class DemoAccounts {
  /** A scale that is registered as unsigned and that nothing simulates. */
  abstract readonly unsignedScale: string;
  /** The token of a card that belongs to a demo household. */
  abstract readonly card: string;
  abstract readonly accounts: readonly DemoAccount[];
}
