import { CreateAccountsAndSessions1764028800300 } from './1764028800300-create-accounts-and-sessions.js';

export const identityMigrations = [CreateAccountsAndSessions1764028800300] as const;
