import { Injectable, type MessageEvent } from '@nestjs/common';
import { Observable, type Subscriber } from 'rxjs';
import { comparePositions, START, type Position } from '#event-store';
import { ReadModelProgress } from '#subscriptions';
import {
  WeighingHistoryReader,
  type LiveWeighing,
  type MunicipalWeighing,
} from '../weighing-history/weighing-history.reader.js';
import { WeighingFollower } from './weighing-follower.js';

/** Who was away for longer than this many weighings reloads the page instead of having them all sent. */
export const RESUMED_MAX = 1_000;

/** A page that watches the weighings of its municipality. */
interface Watcher {
  readonly municipalityId: string;
  readonly subscriber: Subscriber<MessageEvent>;
  /** What arrives while older weighings are still being read for it; undefined once it is live. */
  waiting: LiveWeighing[] | undefined;
  /** The position of what it was sent last, or after which it began. */
  sent: Position;
}

/**
 * Sends weighings to whoever watches, as soon as they can be read. One follower reads them for all watchers of a
 * process; while nobody watches, nothing is read.
 *
 * A watcher is sent each weighing of its municipality after the one it names, once and in the order of the log; or,
 * where that would be too many, a `reset`: then its page must be loaded anew. What a slow watcher has not read yet waits
 * with the HTTP server, which cuts it off beyond a limit; it comes back by itself and names the last one it got.
 */
@Injectable()
export class LiveWeighings {
  private readonly watchers = new Set<Watcher>();
  private follower: WeighingFollower | undefined;

  constructor(
    private readonly history: WeighingHistoryReader,
    private readonly progress: ReadModelProgress,
  ) {}

  /**
   * The weighings of a municipality from now on, or after a position, as messages for server-sent events.
   * @param after of the last weighing that the watcher knows
   */
  watch(municipalityId: string, after?: Position): Observable<MessageEvent> {
    return new Observable<MessageEvent>((subscriber) => {
      const watcher: Watcher = { municipalityId, subscriber, waiting: [], sent: START };
      this.watchers.add(watcher);
      this.follower ??= new WeighingFollower(this.history, this.progress, {
        arrived: (weighings) => this.sendToWatchers(weighings),
        skipped: (position) => this.watchers.forEach((each) => reset(each, position)),
      });
      this.begin(watcher, this.follower, after).catch((error: unknown) => {
        subscriber.error(error);
      });
      return () => this.leave(watcher);
    });
  }

  private async begin(watcher: Watcher, follower: WeighingFollower, after: Position | undefined): Promise<void> {
    await follower.ready;
    watcher.sent = after ?? follower.tip;
    const missed =
      after === undefined ? [] : await this.history.ofMunicipalityAfter(watcher.municipalityId, after, RESUMED_MAX + 1);
    const { waiting = [] } = watcher;
    watcher.waiting = undefined;
    if (missed.length > RESUMED_MAX || waiting.length > RESUMED_MAX) reset(watcher, follower.tip);
    else for (const weighing of [...missed, ...waiting]) send(watcher, weighing);
  }

  private leave(watcher: Watcher): void {
    this.watchers.delete(watcher);
    if (this.watchers.size > 0) return;
    this.follower?.close();
    this.follower = undefined;
  }

  private sendToWatchers(weighings: readonly MunicipalWeighing[]): void {
    for (const watcher of this.watchers) {
      for (const { municipalityId, weighing } of weighings) {
        if (municipalityId === watcher.municipalityId) send(watcher, weighing);
      }
    }
  }
}

function send(watcher: Watcher, weighing: LiveWeighing): void {
  const { waiting, sent, subscriber } = watcher;
  if (waiting !== undefined) {
    // One more than can be sent later tells that there were too many.
    if (waiting.length <= RESUMED_MAX) waiting.push(weighing);
  } else if (comparePositions(weighing.position, sent) > 0) {
    watcher.sent = weighing.position;
    subscriber.next({ type: 'weighing', id: weighing.position, data: weighing });
  }
}

function reset(watcher: Watcher, position: Position): void {
  watcher.sent = position;
  watcher.subscriber.next({ type: 'reset', id: position, data: { position } });
}
