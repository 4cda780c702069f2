import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel';
import { comparable } from '../account/accounts.js';
import { LeakyBuckets } from './leaky-buckets.js';
import { TooManyAttempts } from './session.errors.js';

const KNOWN_PLACES_MAX = 10_000;
const MS_PER_SECOND = 1_000;

/**
 * Slows down the guessing of passwords: for one login from one address, for one login from everywhere, and for one
 * address at all logins. Nobody can lock somebody else out with it: a full count makes one wait seconds, refused
 * attempts do not count, and the address from which a person last signed in is not held up by what strangers do.
 */
@Injectable()
export class SignInAttempts {
  private readonly byPlace = new LeakyBuckets({ capacity: 5, leakMs: 30_000 });
  private readonly byLogin = new LeakyBuckets({ capacity: 30, leakMs: 10_000 });
  /** A whole village may share one address. */
  private readonly byAddress = new LeakyBuckets({ capacity: 60, leakMs: 5_000 });
  /** Logins with the address they last came from. */
  private readonly known = new Map<string, string>();

  constructor(private readonly clock: Clock) {}

  /**
   * Counts an attempt as failed until `succeeded` says otherwise, so that many at once are counted too.
   * @throws TooManyAttempts with the seconds to wait
   */
  begin(login: string, address: string): void {
    const now = this.clock.nowMs();
    const { who, where, place } = keysOf(login, address);
    const isKnown = this.known.get(who) === where;
    const waitMs = Math.max(
      this.byPlace.waitMs(place, now),
      isKnown ? 0 : this.byLogin.waitMs(who, now),
      isKnown ? 0 : this.byAddress.waitMs(where, now),
    );
    if (waitMs > 0) throw new TooManyAttempts(Math.ceil(waitMs / MS_PER_SECOND));
    this.byPlace.add(place, now);
    this.byLogin.add(who, now);
    this.byAddress.add(where, now);
  }

  succeeded(login: string, address: string): void {
    const now = this.clock.nowMs();
    const { who, where, place } = keysOf(login, address);
    this.byPlace.clear(place);
    this.byLogin.takeBack(who, now);
    this.byAddress.takeBack(where, now);
    this.known.delete(who);
    this.known.set(who, where);
    const [oldest] = this.known.keys();
    if (this.known.size > KNOWN_PLACES_MAX && oldest !== undefined) this.known.delete(oldest);
  }
}

function keysOf(login: string, address: string): { who: string; where: string; place: string } {
  const who = comparable(login);
  const where = networkOf(address);
  return { who, where, place: `${where} ${who}` };
}

/** One subscriber of IPv6 has a whole /64 to himself. */
function networkOf(address: string): string {
  const isV6 = address.includes(':') && !address.startsWith('::ffff:');
  return isV6 ? address.split(':').slice(0, 4).join(':') : address.replace('::ffff:', '');
}
