import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Settings } from '#platform';
import { type Account, type Role } from './account.js';
import { Passwords } from './passwords.js';

export interface AccountToEnsure {
  readonly login: string;
  readonly password: string;
  readonly name: string;
  readonly role: Role;
  readonly municipalityId: string;
  /** Given for the role `household`, and only for it. */
  readonly householdId: string | null;
  /** Its password is public: it exists only where the demo is on. */
  readonly demo: boolean;
}

export interface AccountRow {
  readonly account_id: string;
  readonly name: string;
  readonly role: Role;
  readonly municipality_id: string;
  readonly household_id: string | null;
}

/** Who can sign in. */
@Injectable()
export class Accounts {
  constructor(
    private readonly database: DataSource,
    private readonly passwords: Passwords,
    private readonly settings: Settings,
  ) {}

  /**
   * Makes an account be there as given, its password too; for those that come with an installation, at each start.
   * @throws Error for a demo account where the demo is off
   */
  async ensure(account: AccountToEnsure): Promise<Account> {
    if (account.demo && !this.settings.demo) throw new Error('Demo accounts exist only where MIZAN_DEMO is 1');
    const login = comparable(account.login);
    const [existing] = await this.database.query<readonly { password_hash: string }[]>(
      'SELECT password_hash FROM identity.account WHERE login = $1',
      [login],
    );
    const unchanged = existing && (await this.passwords.matches(account.password, existing.password_hash));
    const passwordHash = unchanged ? existing.password_hash : await this.passwords.hash(account.password);
    const [row] = await this.database.query<readonly AccountRow[]>(
      `INSERT INTO identity.account
         (account_id, login, name, role, municipality_id, household_id, password_hash, is_demo)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT (login) DO UPDATE SET
         name = excluded.name, role = excluded.role, municipality_id = excluded.municipality_id,
         household_id = excluded.household_id, password_hash = excluded.password_hash, is_demo = excluded.is_demo
       RETURNING account_id, name, role, municipality_id, household_id`,
      [
        uuidv7(),
        login,
        account.name,
        account.role,
        account.municipalityId,
        account.householdId,
        passwordHash,
        account.demo,
      ],
    );
    if (!row) throw new Error(`The account ${login} was not stored`);
    return accountFrom(row);
  }

  /** The account with this login and password; null where there is none, after as long a time. */
  async findByCredentials(login: string, password: string): Promise<Account | null> {
    const [row] = await this.database.query<readonly (AccountRow & { password_hash: string })[]>(
      `SELECT account_id, name, role, municipality_id, household_id, password_hash
       FROM identity.account WHERE login = $1 AND (NOT is_demo OR $2)`,
      [comparable(login), this.settings.demo],
    );
    const matches = await this.passwords.matches(password, row?.password_hash);
    return matches && row ? accountFrom(row) : null;
  }

  /** Removes the accounts whose passwords are public, and with them their sessions. */
  async removeDemoAccounts(): Promise<void> {
    await this.database.query('DELETE FROM identity.account WHERE is_demo');
  }
}

export function accountFrom(row: AccountRow): Account {
  return {
    accountId: row.account_id,
    name: row.name,
    role: row.role,
    municipalityId: row.municipality_id,
    householdId: row.household_id,
  };
}

/** How logins are told apart: case and the way a keyboard composes letters do not count. */
export function comparable(login: string): string {
  return login.trim().normalize('NFKC').toLowerCase();
}
