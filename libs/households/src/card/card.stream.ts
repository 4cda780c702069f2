/** The history of one card, under the keyed hash of what its reader reads: the token itself is never stored. */
export function cardStream(cardHash: string): string {
  return `card-${cardHash}`;
}
