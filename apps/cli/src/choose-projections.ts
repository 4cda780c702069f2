import { type Projection } from '#subscriptions';
import { type CommandContext, UsageError } from './cli.js';

/** The projections that a command line names, or all of them with `--all`. */
export function chosenProjections({ contexts, names, options }: CommandContext): readonly Projection[] {
  if (options['all'] === true) {
    if (names.length > 0) throw new UsageError('Give names, or --all, not both.');
    return contexts.projections;
  }
  if (names.length === 0) throw new UsageError('Give the name of a projection, or --all.');
  return names.map((name) => projectionNamed(contexts.projections, name));
}

export function projectionNamed(projections: readonly Projection[], name: string): Projection {
  const found = projections.find((projection) => projection.name === name);
  if (found !== undefined) return found;
  const all = projections.map((projection) => projection.name).sort();
  throw new UsageError(`There is no projection ${name}. There are: ${all.join(', ')}.`);
}
