import { type Account } from '../account/account.js';
import { HouseholdNotFound } from './access.errors.js';

/**
 * A household's account sees its own household. Every other role passes: which roles may ask at all is the route's
 * `Allow`, and the municipality is the query's filter.
 * @throws HouseholdNotFound for another household, whether it exists or not
 */
export function assertOwnHousehold(account: Account, householdId: string): void {
  if (account.role === 'household' && account.householdId !== householdId) throw new HouseholdNotFound(householdId);
}
