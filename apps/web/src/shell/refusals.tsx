import { Button } from '@mantine/core';
import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router';
import { PageHeader } from './page-header.js';
import { Failure } from './states.js';
import classes from './refusals.module.css';
import { Words } from './words.js';

/** A page that this role may not open. */
export function ForbiddenPage() {
  return <Refusal title="refusal.forbidden" hint="refusal.forbidden.hint" />;
}

export function NotFoundPage() {
  return <Refusal title="refusal.not-found" hint="refusal.not-found.hint" />;
}

interface RefusalProps {
  readonly title: 'refusal.forbidden' | 'refusal.not-found';
  readonly hint: 'refusal.forbidden.hint' | 'refusal.not-found.hint';
}

function Refusal({ title, hint }: RefusalProps) {
  return (
    <div>
      <PageHeader title={title} />
      <p>
        <Words id={hint} />
      </p>
      <Button component={Link} to="/">
        <Words id="refusal.home" />
      </Button>
    </div>
  );
}

/** A page that could not be opened: its code did not arrive. */
export function RouteFailure({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  return (
    <Failure
      error={error}
      onRetry={() => {
        reset();
        void router.invalidate();
      }}
    />
  );
}

/** Nothing could be opened: who is signed in could not be asked. There is no frame around it. */
export function StartFailure(props: ErrorComponentProps) {
  return (
    <main className={classes.alone}>
      <RouteFailure {...props} />
    </main>
  );
}
