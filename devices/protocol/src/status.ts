/** What a scale says of itself on `status`, retained; `offline` is its last will. */
export const SCALE_STATUSES = ['online', 'offline'] as const;
export type ScaleStatus = (typeof SCALE_STATUSES)[number];

/** The status that a payload names, or undefined for any other text. */
export function parseScaleStatus(payload: Uint8Array): ScaleStatus | undefined {
  const longest = 'offline'.length;
  if (payload.length > longest) return undefined;
  const text = Buffer.from(payload).toString('latin1');
  return SCALE_STATUSES.find((one) => one === text);
}
