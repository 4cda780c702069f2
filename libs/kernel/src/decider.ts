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

/** What a decider makes of a history, for whoever has nothing to decide. */
export type Fold<State, Event extends DomainEvent> = Pick<Decider<State, never, Event>, 'initialState' | 'evolve'>;

/** Folds a history into the state it leads to. */
export function stateOf<State, Event extends DomainEvent>(
  { evolve, initialState }: Fold<State, Event>,
  history: readonly Event[],
): State {
  return history.reduce<State>((state, event) => evolve(state, event), initialState);
}
