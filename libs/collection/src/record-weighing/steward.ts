import { Injectable } from '@nestjs/common';
import { EventStore, START } from '#event-store';
import { type MunicipalityEvent } from '../events/municipality.events.js';

const ESTABLISHED: MunicipalityEvent['type'] = 'MunicipalityEstablished';

/** An installation without a municipality has nobody who could look after a message: it will have to come again. */
export class NoMunicipality extends Error {
  constructor() {
    super('No municipality is established yet');
    this.name = 'NoMunicipality';
  }
}

/**
 * Who looks after messages of scales that nobody registered: every event belongs to a municipality, and what is
 * quarantined must be shown to someone. It is the one that was established first, usually the only one.
 */
@Injectable()
export class Steward {
  private known: string | undefined;

  constructor(private readonly store: EventStore) {}

  /** @throws NoMunicipality */
  async municipalityId(): Promise<string> {
    if (this.known === undefined) {
      const [first] = await this.store.readAll({ after: START, max: 1, types: [ESTABLISHED] });
      if (!first) throw new NoMunicipality();
      this.known = first.metadata.municipalityId;
    }
    return this.known;
  }
}
