/**
 * The history of a municipality with its materials and collection points: few events and rare ones, and in one stream
 * a point can never be opened for a material that is not collected.
 */
export function municipalityStream(municipalityId: string): string {
  return `municipality-${municipalityId}`;
}
