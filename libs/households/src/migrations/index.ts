import { CreateHouseholdRegister1764028800700 } from './1764028800700-create-household-register.js';
import { CreateHouseholdNames1764028800710 } from './1764028800710-create-household-names.js';

/** What brings the personal data of this context up to date. */
export const householdsMigrations = [CreateHouseholdNames1764028800710] as const;

/** What brings the read models of this context up to date. */
export const householdsReadModelMigrations = [CreateHouseholdRegister1764028800700] as const;
