import { describe, expect, it } from '@jest/globals';
import { type Account, ROLES } from '../account/account.js';
import { HouseholdNotFound } from './access.errors.js';
import { assertOwnHousehold } from './own-household.js';

const somebody = (role: Account['role']): Account => ({
  accountId: 'a-1',
  name: 'Somebody',
  role,
  municipalityId: 'beitillu',
  householdId: role === 'household' ? 'h-1' : null,
});

describe('the household of an account', () => {
  it('is its own, and no other exists for it', () => {
    expect(() => assertOwnHousehold(somebody('household'), 'h-1')).not.toThrow();
    expect(() => assertOwnHousehold(somebody('household'), 'h-2')).toThrow(HouseholdNotFound);
  });

  it.each(ROLES.filter((role) => role !== 'household'))('is not asked of the role %s', (role) => {
    expect(() => assertOwnHousehold(somebody(role), 'h-2')).not.toThrow();
  });
});
