import { Button, Skeleton, VisuallyHidden } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { type UseQueryResult } from '@tanstack/react-query';
import { type ReactNode } from 'react';
import { type Connection } from '../api/live-weighings.js';
import { CallFailed, codeOf, UNREACHABLE } from '../api/problem.js';
import { RestingScales } from './mark.js';
import { Code, useNow, useQuantities } from './quantities.js';
import classes from './states.module.css';
import { useWords, Words } from './words.js';

interface Asked<Data> {
  readonly data: Data | undefined;
  readonly error: unknown;
  readonly isFetching: boolean;
  readonly refetch: () => unknown;
}

interface Props<Data> {
  readonly query: Asked<Data>;
  /** Of the same size as what will stand here. */
  readonly skeleton: ReactNode;
  readonly children: (data: Data) => ReactNode;
}

/** What was asked for: loading, failed, or here. That it is old is said once a page (Stale), that it is empty by the page. */
export function Answered<Data>({ query, skeleton, children }: Props<Data>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error !== null) {
    return <Failure error={query.error} retrying={query.isFetching} onRetry={() => void query.refetch()} />;
  }
  return <Loading>{skeleton}</Loading>;
}

/** Marks skeletons as what they are for those who do not see them. */
export function Loading({ children }: { readonly children: ReactNode }) {
  return (
    <div aria-busy="true">
      <VisuallyHidden>
        <Words id="state.loading" />
      </VisuallyHidden>
      <div aria-hidden="true">{children}</div>
    </div>
  );
}

/** Skeleton lines of the given heights, in rem. */
export function Bars({ heights }: { readonly heights: readonly number[] }) {
  return (
    <div className={classes.bars}>
      {heights.map((height, index) => (
        <Skeleton key={index} height={`${String(height)}rem`} />
      ))}
    </div>
  );
}

interface FailureProps {
  readonly error: unknown;
  readonly onRetry: () => void;
  readonly retrying?: boolean;
}

/** What happened, its code, and what to do. */
export function Failure({ error, onRetry, retrying = false }: FailureProps) {
  const { title, hint, code } = useFailureWords(error);
  return (
    <section className={classes.failure} role="alert">
      <h2>{title}</h2>
      <p>{hint}</p>
      <p className={classes.code}>
        <Words id="state.code" values={{ code: <Code>{code}</Code> }} />
      </p>
      <Button
        variant="default"
        leftSection={<IconRefresh size={18} aria-hidden />}
        onClick={onRetry}
        loading={retrying}
      >
        <Words id="state.retry" />
      </Button>
    </section>
  );
}

/** A failure in words: the api's own, or ours where it said nothing. */
export function useFailureWords(error: unknown): { title: string; hint: string; code: string } {
  const say = useWords();
  const code = codeOf(error);
  const said = error instanceof CallFailed ? error : null;
  const unreachable = code === UNREACHABLE;
  return {
    title: said?.title ?? say(unreachable ? 'state.unreachable' : 'state.failed'),
    hint: said?.detail ?? say(unreachable ? 'state.unreachable.hint' : 'state.failed.hint'),
    code,
  };
}

interface StaleProps {
  readonly queries: readonly Pick<UseQueryResult, 'data' | 'error' | 'dataUpdatedAt'>[];
  /** The live stream, where the page has one. */
  readonly connection?: Connection;
}

/** One calm band for a page, however many of its answers are old: how old, and that we are trying by ourselves. */
export function Stale({ queries, connection }: StaleProps) {
  const heardAt = queries
    .filter(({ data, error }) => data !== undefined && error !== null)
    .map(({ dataUpdatedAt }) => dataUpdatedAt);
  if (connection?.phase === 'lost') heardAt.push(connection.heardAt);
  return <div role="status">{heardAt.length === 0 ? null : <Band heardAt={Math.min(...heardAt)} />}</div>;
}

function Band({ heardAt }: { readonly heardAt: number }) {
  const { distance } = useQuantities();
  const now = useNow(1_000);
  return (
    // That it is old is read out once; not every second how old.
    <p className={classes.stale} aria-live="off">
      <span className={classes.staleDot} aria-hidden="true" />
      <span>
        <Words id="state.stale" values={{ age: distance(new Date(heardAt).toISOString(), Math.max(now, heardAt)) }} />
      </span>
    </p>
  );
}

interface NothingProps {
  readonly title: ReactNode;
  /** What would fill this, and the next step. */
  readonly hint: ReactNode;
  readonly action?: ReactNode;
}

/** Nothing here yet, and why that is so. */
export function Nothing({ title, hint, action }: NothingProps) {
  return (
    <section className={classes.nothing}>
      <RestingScales className={classes.nothingMark} />
      <h2>{title}</h2>
      <p>{hint}</p>
      {action}
    </section>
  );
}
