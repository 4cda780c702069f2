import { Controller, Query, Sse, type MessageEvent } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, ApiOkResponse, ApiProduces, ApiTags, getSchemaPath } from '@nestjs/swagger';
import { type Observable } from 'rxjs';
import { Allow, CurrentAccount, ROLES, type Account } from '#identity';
import { LastEventId, LiveStreams } from '#platform';
import { LiveWeighingDto } from '../weighing-history/weighing-history.dto.js';
import { LiveWeighingsQuery } from './live-weighings.dto.js';
import { LiveWeighings } from './live-weighings.js';

/** A watcher that lets this much wait is cut off; it comes back and resumes after the last weighing it got. */
const PENDING_CHARACTERS_MAX = 512 * 1024;

@ApiTags('collection')
@Controller('weighings')
export class LiveWeighingsController {
  constructor(
    private readonly weighings: LiveWeighings,
    private readonly streams: LiveStreams,
  ) {}

  /**
   * Each weighing of the municipality as it is recorded: server-sent events `weighing`, whose id is the position. A
   * `reset` says that so many were missed that the page had better be loaded anew.
   */
  @Sse('live', { maxPendingDataLength: PENDING_CHARACTERS_MAX })
  @Allow(...ROLES)
  @ApiProduces('text/event-stream')
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'Sent by browsers that come back.' })
  @ApiExtraModels(LiveWeighingDto)
  @ApiOkResponse({ schema: { $ref: getSchemaPath(LiveWeighingDto) } })
  live(
    @CurrentAccount() { municipalityId }: Account,
    @Query() { lastEventId }: LiveWeighingsQuery,
    @LastEventId() resumeAfter: string | undefined,
  ): Observable<MessageEvent> {
    return this.streams.stream(this.weighings.watch(municipalityId, resumeAfter ?? lastEventId));
  }
}
