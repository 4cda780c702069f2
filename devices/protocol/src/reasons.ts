/**
 * Why a report may not earn, or was kept for a person to settle. Codes are part of the outer contract: new ones may be
 * added, none is ever renamed.
 */
export const REASONS = [
  'unstable',
  'below-minimum',
  'over-capacity',
  'verification-expired',
  'seal-broken',
  'zero-check-missing',
  'unknown-scale',
  'unknown-material',
  'unknown-card',
  'tare-exceeds-gross',
  'bad-signature',
  'bad-schema',
  'sequence-gap',
  'content-differs',
  'clock-implausible',
  'unsigned',
  'manual-entry',
  'mode-unknown',
  'unit-not-legal',
  'alibi-missing',
  'tare-unknown',
] as const;

export type Reason = (typeof REASONS)[number];
