import { Button, Skeleton, VisuallyHidden } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { type ReactNode } from 'react';
import { CallFailed, codeOf, UNREACHABLE } from '../api/problem.js';
import { RestingScales } from './mark.js';
import { Code, useNow, useQuantities } from './quantities.js';
import classes from './states.module.css';
import { useWords, Words } from './words.js';

interface Asked<Data> {
  readonly data: Data | undefined;
  readonly error: unknown;
  /** When the data that is shown was the system's last word. */
  readonly dataUpdatedAt: number;
  readonly isFetching: boolean;
  readonly refetch: () => unknown;
}

interface Props<Data> {
  readonly query: Asked<Data>;
  /** Of the same size as what will stand here. */
  readonly skeleton: ReactNode;
  readonly children: (data: Data) => ReactNode;
}

/** The states of anything that is asked for: loading, failed, stale, or here. What is empty is the page's to say. */
export function Answered<Data>({ query, skeleton, children }: Props<Data>) {
  if (query.data !== undefined) {
    return (
      <>
        {query.error === null ? null : <StaleBand heardAt={query.dataUpdatedAt} />}
        {children(query.data)}
      </>
    );
  }
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

/** A calm band: what is shown is this old, and we are trying by ourselves. */
export function StaleBand({ heardAt }: { readonly heardAt: number }) {
  const { distance } = useQuantities();
  const now = useNow(1_000);
  return (
    <p className={classes.stale}>
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
