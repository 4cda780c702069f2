import { DomainError } from '#kernel';

/** Contract codes of what makes a report implausible as a whole, rather than not worth a reward. */
export type Implausibility = 'tare-exceeds-gross' | 'clock-implausible';

/** A report that cannot be what happened. It is kept for a person to settle, and recorded as nothing. */
export class ImplausibleReport extends DomainError {
  readonly code = 'implausible-report';

  constructor(readonly reasons: readonly Implausibility[]) {
    super(`The report cannot be what happened: ${reasons.join(', ')}`, { reasons });
  }
}
