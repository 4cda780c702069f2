/** A domain event as the domain sees it: a plain, serialisable fact. No methods, no value objects. */
export interface DomainEvent {
  readonly type: string;
  readonly data: object;
}

/**
 * The whole write side of one kind of stream, as three pure things: no clock, no randomness, no waiting.
 * `decide` answers a command with the facts that follow from it, or throws a DomainError; `evolve` folds one fact.
 */
export interface Decider<State, Command, Event extends DomainEvent> {
  readonly initialState: State;
  readonly decide: (command: Command, state: State) => readonly Event[];
  readonly evolve: (state: State, event: Event) => State;
}

/** Folds a history into the state it leads to. */
export function stateOf<State, Command, Event extends DomainEvent>(
  decider: Decider<State, Command, Event>,
  history: readonly Event[],
): State {
  return history.reduce<State>(decider.evolve, decider.initialState);
}
