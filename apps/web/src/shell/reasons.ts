import { type MessageId } from '../messages/catalogue.js';

/** Each reason of the contract in words. */
const REASONS: Readonly<Record<string, MessageId>> = {
  unstable: 'reason.unstable',
  'below-minimum': 'reason.below-minimum',
  'over-capacity': 'reason.over-capacity',
  'verification-expired': 'reason.verification-expired',
  'seal-broken': 'reason.seal-broken',
  'zero-check-missing': 'reason.zero-check-missing',
  'unknown-scale': 'reason.unknown-scale',
  'unknown-material': 'reason.unknown-material',
  'unknown-card': 'reason.unknown-card',
  'tare-exceeds-gross': 'reason.tare-exceeds-gross',
  'bad-signature': 'reason.bad-signature',
  'bad-schema': 'reason.bad-schema',
  'sequence-gap': 'reason.sequence-gap',
  'content-differs': 'reason.content-differs',
  'clock-implausible': 'reason.clock-implausible',
  unsigned: 'reason.unsigned',
  'manual-entry': 'reason.manual-entry',
  'mode-unknown': 'reason.mode-unknown',
  'unit-not-legal': 'reason.unit-not-legal',
  'alibi-missing': 'reason.alibi-missing',
  'tare-unknown': 'reason.tare-unknown',
};

/** What to do about a report that waits for a person. */
const NEXT_STEPS: Readonly<Record<string, MessageId>> = {
  'unknown-scale': 'step.unknown-scale',
  'bad-signature': 'step.bad-signature',
  'bad-schema': 'step.bad-schema',
  'content-differs': 'step.content-differs',
  'clock-implausible': 'step.clock-implausible',
  'tare-exceeds-gross': 'step.tare-exceeds-gross',
};

/** The sentence for a reason; a code newer than this application gets a sentence that names it. */
export function reasonMessage(code: string): MessageId {
  return REASONS[code] ?? 'reason.other';
}

export function nextStepMessage(reasons: readonly string[]): MessageId {
  const first = reasons.find((reason) => reason in NEXT_STEPS);
  return (first === undefined ? undefined : NEXT_STEPS[first]) ?? 'step.other';
}
