import { type MunicipalityEvent } from '#collection/events';
import { type Decider } from '#kernel';
import { type SchemeContext } from '../scheme/scheme-publication.js';

/**
 * What publishing a scheme must know of its municipality, folded from the municipality's own history, so that a scheme
 * can be published the moment after the last material was listed. It only listens: it decides nothing there.
 */
export const municipalityFacts: Decider<SchemeContext | null, never, MunicipalityEvent> = {
  initialState: null,

  decide: () => [],

  evolve(facts, event) {
    switch (event.type) {
      case 'MunicipalityEstablished':
        return { currencyDecimals: event.data.currency.decimals, materials: new Set() };
      case 'MaterialListed':
        return facts && { ...facts, materials: new Set(facts.materials).add(event.data.material) };
      case 'CollectionPointOpened':
        return facts;
    }
  },
};
