import { Injectable } from '@nestjs/common';
import { Streams } from '#event-store';
import { municipalityDecider } from '../municipality.decider.js';
import { municipalityStream } from '../municipality.stream.js';

/** Answers whether a point is open from the log itself. Fits the port that scales ask before one is put there. */
@Injectable()
export class CollectionPointsReader {
  constructor(private readonly streams: Streams) {}

  async isOpen(municipalityId: string, pointId: string): Promise<boolean> {
    const municipality = await this.streams.stateOf(municipalityDecider, municipalityStream(municipalityId));
    return municipality.status === 'established' && municipality.points.has(pointId);
  }
}
