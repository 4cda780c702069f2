import { DomainError } from '#kernel';

/** A card stands for one household. Who else holds it is not said: that is another household's secret. */
export class CardAlreadyIssued extends DomainError {
  readonly code = 'card-already-issued';

  constructor() {
    super('This card stands for another household');
  }
}
