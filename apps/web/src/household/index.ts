export { ClerkHouseholdPage, OwnHouseholdPage } from './household.page.js';
