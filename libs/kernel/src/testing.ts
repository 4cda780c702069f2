import { expect } from '@jest/globals';
import { Clock } from './clock.js';
import { stateOf, type Decider, type DomainEvent } from './decider.js';

type Refusal = abstract new (...args: never[]) => Error;

/** given(past events).when(command).then(new events) for any decider. */
export function specificationOf<State, Command, Event extends DomainEvent>(decider: Decider<State, Command, Event>) {
  return {
    given: (...history: Event[]) => ({
      when(command: Command) {
        const decide = () => decider.decide(command, stateOf(decider, history));
        return {
          then(...expected: Event[]): void {
            expect(decide()).toEqual(expected);
          },
          thenNothing(): void {
            expect(decide()).toEqual([]);
          },
          thenRefused(refusal: Refusal): void {
            expect(decide).toThrow(refusal);
          },
        };
      },
    }),
  };
}

/** A clock that stands where the test puts it. */
export class FixedClock extends Clock {
  constructor(private instantMs: number | string) {
    super();
  }

  nowMs(): number {
    return typeof this.instantMs === 'string' ? Date.parse(this.instantMs) : this.instantMs;
  }

  moveTo(instant: string): void {
    this.instantMs = instant;
  }
}
