import {
  type BeforeApplicationShutdown,
  createParamDecorator,
  type ExecutionContext,
  Injectable,
  type MessageEvent,
} from '@nestjs/common';
import { type Request } from 'express';
import { defer, finalize, map, merge, type Observable, startWith, Subject, takeUntil, timer } from 'rxjs';
import { TooManyStreams } from './http.errors.js';
import { POSITION_PATTERN } from './list-query.dto.js';

const HEARTBEAT_MS = 15_000;
const STREAMS_MAX = 1_000;

/** Keeps server-sent event streams alive, counted, and out of the way of a shutdown. */
@Injectable()
export class LiveStreams implements BeforeApplicationShutdown {
  private readonly stopping = new Subject<void>();
  private open = 0;

  /** How many streams are being read just now. */
  get openCount(): number {
    return this.open;
  }

  /**
   * A stream to return from an `@Sse()` route: the source's events, and a comment at once and every 15 s, so that the
   * reader knows that it is connected, proxies keep the connection, and both ends notice a dead one. It ends when its
   * reader leaves, the source fails, or the process stops.
   * @throws TooManyStreams when as many are open as this process serves
   */
  stream(source: Observable<MessageEvent>): Observable<MessageEvent> {
    if (this.open >= STREAMS_MAX) throw new TooManyStreams();
    // The first one before anything of the source, which may have something to tell in the same moment.
    const heartbeats = timer(HEARTBEAT_MS, HEARTBEAT_MS).pipe(
      startWith(0),
      map((): MessageEvent => ({ comment: 'heartbeat' })),
    );
    return defer(() => {
      this.open += 1;
      return merge(heartbeats, source).pipe(
        takeUntil(this.stopping),
        finalize(() => (this.open -= 1)),
      );
    });
  }

  beforeApplicationShutdown(): void {
    this.stopping.next();
    this.stopping.complete();
  }
}

/** The position after which a browser resumes a stream (`Last-Event-ID`); undefined when it starts anew. */
export const LastEventId = createParamDecorator((_: unknown, context: ExecutionContext): string | undefined => {
  const id = context.switchToHttp().getRequest<Request>().get('Last-Event-ID');
  return id !== undefined && POSITION_PATTERN.test(id) ? id : undefined;
});
