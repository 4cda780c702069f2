/** The history of one household. */
export function householdStream(householdId: string): string {
  return `household-${householdId}`;
}
