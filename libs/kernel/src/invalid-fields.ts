import { DomainError } from './domain-error.js';

/** One thing wrong with one input. `field` is a path such as `publicKey.kty`; `code` is stable. */
export interface FieldFault {
  readonly field: string;
  readonly code: string;
  /** Values for the placeholders of the code's message, for example the limit that was passed. */
  readonly values?: Readonly<Record<string, string | number>>;
}

/** The input does not have the shape, or not the meaning, that it must have; every wrong field is named. */
export class InvalidFields extends DomainError {
  readonly code = 'invalid-input';

  constructor(readonly faults: readonly FieldFault[]) {
    super(`Wrong input: ${faults.map(({ field, code }) => `${field} (${code})`).join(', ')}`);
  }

  static of(...faults: readonly FieldFault[]): InvalidFields {
    return new InvalidFields(faults);
  }
}
