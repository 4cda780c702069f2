/** One line of a benchmark. A rate means nothing by itself: `ratioTo` puts it beside a peer of the same run. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly ratioTo?: { readonly name: string; readonly ratio: number };
}

/** Puts a figure beside another one of the same run. */
export function beside(figure: Omit<Figure, 'ratioTo'>, peer: Figure): Figure {
  return { ...figure, ratioTo: { name: peer.name, ratio: figure.value / peer.value } };
}
