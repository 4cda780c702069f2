import { Injectable } from '@nestjs/common';
import { Streams } from '#event-store';
import { type MaterialListed } from '../events/municipality.events.js';
import { municipalityDecider } from '../municipality/municipality.decider.js';
import { municipalityStream } from '../municipality/municipality.stream.js';

export interface MaterialName {
  readonly municipalityId: string;
  readonly material: string;
}

type Materials = ReadonlyMap<string, MaterialListed['data']>;

/**
 * What municipalities collect, from the log itself: a material that was listed a moment ago, or whose read model is
 * being rebuilt, is not taken for an unknown one. A material that is listed stays so, hence what was seen is remembered.
 */
@Injectable()
export class MaterialCatalogue {
  private readonly seen = new Map<string, Materials>();

  constructor(private readonly streams: Streams) {}

  /** Tells of each of the named materials whether it is collected. Reads the log only for those not seen yet. */
  async listed(names: readonly MaterialName[]): Promise<(name: MaterialName) => boolean> {
    const isSeen = ({ municipalityId, material }: MaterialName) =>
      this.seen.get(municipalityId)?.has(material) === true;
    const unseen = new Set(names.filter((name) => !isSeen(name)).map(({ municipalityId }) => municipalityId));
    await Promise.all([...unseen].map((municipalityId) => this.of(municipalityId)));
    return isSeen;
  }

  /** The materials of a municipality as they are now; none where it is not known. */
  async of(municipalityId: string): Promise<Materials> {
    const municipality = await this.streams.stateOf(municipalityDecider, municipalityStream(municipalityId));
    const materials: Materials = municipality.status === 'established' ? municipality.materials : new Map();
    if (materials.size > 0) this.seen.set(municipalityId, materials);
    return materials;
  }
}
