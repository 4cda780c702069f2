/** One line of a benchmark. A rate means nothing by itself: `ratioTo` puts it beside a peer of the same run. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly ratioTo?: { readonly name: string; readonly ratio: number };
  readonly goal?: Goal;
}

/** What a figure should be, on a machine with nothing else to do: its value, or its ratio to its peer. */
export interface Goal {
  readonly of: 'value' | 'ratio';
  readonly atLeast?: number;
  readonly below?: number;
}

type Measured = Omit<Figure, 'ratioTo' | 'goal'>;

/** Puts a figure beside another one of the same run. */
export function beside(figure: Measured, peer: Measured, goal?: Goal): Figure {
  const ratioTo = { name: peer.name, ratio: figure.value / peer.value };
  return { ...figure, ratioTo, ...(goal && { goal }) };
}

/** The figure as a person reads it. */
export function lineOf({ name, value, unit, ratioTo, goal }: Figure): string {
  const amount = Math.round(value).toLocaleString('en').padStart(12);
  const peer = ratioTo === undefined ? '' : `  ${ratioTo.ratio.toFixed(2)} × ${ratioTo.name}`;
  const outcome =
    goal === undefined ? '' : `  (${outcomeOf(goal, goal.of === 'value' ? value : (ratioTo?.ratio ?? NaN))})`;
  return `${name.padEnd(68)} ${amount} ${unit.padEnd(10)}${peer}${outcome}`;
}

function outcomeOf({ of, atLeast = -Infinity, below = Infinity }: Goal, reached: number): string {
  const [sign, bound] = below === Infinity ? ['≥', atLeast] : ['<', below];
  const wanted = of === 'ratio' ? bound.toFixed(2) : bound.toLocaleString('en');
  return `goal ${sign} ${wanted}: ${reached >= atLeast && reached < below ? 'met' : 'missed'}`;
}

/** The best rate under each name: other work on the machine only ever slows down. */
export class Rates {
  private readonly byName = new Map<string, number>();

  async measure(name: string, events: number, work: () => Promise<unknown>): Promise<void> {
    const startMs = performance.now();
    await work();
    const eventsPerSecond = (events * 1_000) / (performance.now() - startMs);
    this.byName.set(name, Math.max(eventsPerSecond, this.byName.get(name) ?? 0));
  }

  of(name: string, unit = 'events/s'): { readonly value: number; readonly unit: string } {
    return { value: this.byName.get(name) ?? NaN, unit };
  }
}
