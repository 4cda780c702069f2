import { Button, SegmentedControl, useMantineColorScheme } from '@mantine/core';
import { IconLogout } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { type RefObject, useId } from 'react';
import { type Account } from '#api-client';
import { sessionQuery, signOut } from '../api/queries.js';
import { type Digits, usePreferences } from './preferences.js';
import classes from './preferences-dialog.module.css';
import { ROLE_NAMES } from './roles.js';
import { useWords, Words } from './words.js';

interface Props {
  readonly ref: RefObject<HTMLDialogElement | null>;
  readonly account: Account;
}

/** Who is signed in, how this device shows things, and the way out. */
export function PreferencesDialog({ ref, account }: Props) {
  const say = useWords();
  const title = useId();
  const close = (): void => ref.current?.close();
  return (
    <dialog
      ref={ref}
      className={classes.dialog}
      aria-labelledby={title}
      // A click on the backdrop is a click on the dialog itself.
      onClick={(event) => {
        if (event.target === event.currentTarget) close();
      }}
    >
      <div className={classes.content}>
        <h2 id={title}>
          <bdi>{account.name}</bdi>
        </h2>
        <p className={classes.role}>{say(ROLE_NAMES[account.role])}</p>
        <DigitsChoice />
        <LightChoice />
        <div className={classes.actions}>
          <SignOutButton />
          <Button variant="default" onClick={close}>
            <Words id="shell.close" />
          </Button>
        </div>
      </div>
    </dialog>
  );
}

function DigitsChoice() {
  const say = useWords();
  const { digits, choose } = usePreferences();
  return (
    <fieldset className={classes.choice}>
      <legend>{say('shell.digits')}</legend>
      <SegmentedControl<Digits>
        fullWidth
        size="md"
        value={digits}
        onChange={(value) => void choose({ digits: value })}
        data={[
          { value: 'latn', label: say('shell.digits.western') },
          { value: 'arab', label: say('shell.digits.arabic') },
        ]}
      />
    </fieldset>
  );
}

function LightChoice() {
  const say = useWords();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <fieldset className={classes.choice}>
      <legend>{say('shell.light')}</legend>
      <SegmentedControl<'auto' | 'light' | 'dark'>
        fullWidth
        size="md"
        value={colorScheme}
        onChange={setColorScheme}
        data={[
          { value: 'auto', label: say('shell.light.auto') },
          { value: 'light', label: say('shell.light.light') },
          { value: 'dark', label: say('shell.light.dark') },
        ]}
      />
    </fieldset>
  );
}

function SignOutButton() {
  const queries = useQueryClient();
  const router = useRouter();
  const leave = useMutation({
    mutationFn: signOut,
    onSuccess: async () => {
      queries.clear();
      queries.setQueryData(sessionQuery.queryKey, null);
      await router.navigate({ to: '/sign-in', replace: true });
    },
  });
  return (
    <Button
      variant="light"
      leftSection={<IconLogout size={18} className="turns" aria-hidden />}
      loading={leave.isPending}
      onClick={() => leave.mutate()}
    >
      <Words id={leave.isError ? 'shell.sign-out.again' : 'shell.sign-out'} />
    </Button>
  );
}
