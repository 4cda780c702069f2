/**
 * The history of a municipality's reward scheme, version after version: in one stream, so that two people who publish
 * at the same time cannot both have the next version.
 */
export function schemeStream(municipalityId: string): string {
  return `rewardScheme-${municipalityId}`;
}
