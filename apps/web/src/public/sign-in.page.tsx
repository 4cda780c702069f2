import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { type SubmitEvent, useState } from 'react';
import { type DemoAccount } from '#api-client';
import { demoQuery, sessionQuery, signIn } from '../api/queries.js';
import { RestingScales } from '../shell/mark.js';
import { LanguageSwitch } from '../shell/page-frame.js';
import { PageHeader } from '../shell/page-header.js';
import { Code } from '../shell/quantities.js';
import { homeOf, ROLE_NAMES } from '../shell/roles.js';
import { useFailureWords } from '../shell/states.js';
import { useWords, Words } from '../shell/words.js';
import classes from './sign-in.module.css';

const route = getRouteApi('/sign-in');

type Credentials = Parameters<typeof signIn>[0];

/** Signs in with a name and a password, or, in the demo, with one tap. What was typed stays when it fails. */
export function SignInPage() {
  const { next } = route.useSearch();
  const queries = useQueryClient();
  const router = useRouter();
  const entering = useMutation({
    mutationFn: (credentials: Credentials) => signIn(credentials),
    onSuccess: async (session) => {
      queries.setQueryData(sessionQuery.queryKey, session);
      await router.navigate({ href: next ?? homeOf(session.account.role), replace: true });
    },
  });
  return (
    <div className={classes.page}>
      <div className={classes.top}>
        <LanguageSwitch />
      </div>
      <main className={classes.card}>
        <div className={classes.sign}>
          <RestingScales className={classes.mark} />
          <p className={classes.name}>
            <Words id="app.name" />
          </p>
          <p className={classes.motto}>
            <Words id="app.motto" />
          </p>
        </div>
        <div className={classes.way}>
          <PageHeader title="sign-in.title" />
          <Form
            busy={entering.isPending}
            error={entering.error}
            onSubmit={(credentials) => entering.mutate(credentials)}
          />
          <DemoAccounts busy={entering.isPending} onChoose={(credentials) => entering.mutate(credentials)} />
        </div>
      </main>
    </div>
  );
}

interface FormProps {
  readonly busy: boolean;
  readonly error: unknown;
  readonly onSubmit: (credentials: Credentials) => void;
}

function Form({ busy, error, onSubmit }: FormProps) {
  const say = useWords();
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    onSubmit({ login: login.trim(), password });
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      <TextInput
        label={say('sign-in.login')}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        dir="auto"
        required
        withAsterisk={false}
        value={login}
        onChange={(event) => setLogin(event.currentTarget.value)}
      />
      <PasswordInput
        label={say('sign-in.password')}
        name="password"
        autoComplete="current-password"
        required
        withAsterisk={false}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        visibilityToggleButtonProps={{ 'aria-label': say('sign-in.password.show'), tabIndex: 0 }}
      />
      <div role="alert">{error === null ? null : <Refused error={error} />}</div>
      <Button type="submit" fullWidth loading={busy}>
        <Words id="sign-in.enter" />
      </Button>
    </form>
  );
}

function Refused({ error }: { readonly error: unknown }) {
  const { title, hint, code } = useFailureWords(error);
  return (
    <div className={classes.refused}>
      <strong>{title}</strong>
      <span>{hint}</span>
      <small>
        <Words id="state.code" values={{ code: <Code>{code}</Code> }} />
      </small>
    </div>
  );
}

interface DemoProps {
  readonly busy: boolean;
  readonly onChoose: (credentials: Credentials) => void;
}

/** Shown only by an installation that is a demo and says so. */
function DemoAccounts({ busy, onChoose }: DemoProps) {
  const say = useWords();
  const { data: demo } = useQuery(demoQuery);
  if (demo === undefined || demo === null) return null;
  const choose = ({ login, password }: DemoAccount) => onChoose({ login, password });
  return (
    <section className={classes.demo} aria-labelledby="demo">
      <h2 id="demo">
        <Words id="sign-in.demo" />
      </h2>
      <p>
        <Words id="sign-in.demo.hint" />
      </p>
      <div className={classes.accounts}>
        {demo.accounts.map((account) => (
          <button
            key={account.login}
            type="button"
            className={classes.account}
            data-role={account.role}
            disabled={busy}
            onClick={() => choose(account)}
          >
            <strong>{say(ROLE_NAMES[account.role])}</strong>
            <span>
              <bdi>{account.name}</bdi>
            </span>
          </button>
        ))}
      </div>
      <p className={classes.try}>
        <Words
          id="sign-in.demo.scale"
          values={{ scale: <Code>{demo.unsignedScale}</Code>, card: <Code>{demo.card}</Code> }}
        />
      </p>
    </section>
  );
}
