import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';
import { type Language, loadMessages, type Messages } from '../messages/catalogue.js';

export type Digits = 'latn' | 'arab';

/** What a person chose for this device. */
interface Choices {
  readonly language: Language;
  /** Western digits in both languages unless a person prefers Arabic-Indic ones. */
  readonly digits: Digits;
}

interface Preferences extends Choices {
  readonly messages: Messages;
  /** Resolves when the sentences of the other language are here, so that the page changes in one step. */
  readonly choose: (change: Partial<Choices>) => Promise<void>;
}

const STORED_AS = 'mizan.preferences';
const Context = createContext<Preferences | null>(null);

/** Right to left or left to right is a property of the language. */
export function directionOf(language: Language): 'rtl' | 'ltr' {
  return language === 'ar' ? 'rtl' : 'ltr';
}

/** What was chosen here before, else what the browser asks for, else the village's own language. */
export function rememberedChoices(): Choices {
  const stored = readStored();
  const asked = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag === 'ar' || tag === 'en');
  const language = stored['language'] ?? asked;
  return { language: language === 'en' ? 'en' : 'ar', digits: stored['digits'] === 'arab' ? 'arab' : 'latn' };
}

/** Tells the document its language; direction, fonts and the api's wording follow from it. */
export function applyLanguage(language: Language): void {
  document.documentElement.lang = language;
  document.documentElement.dir = directionOf(language);
}

interface Props {
  readonly initial: Choices;
  readonly initialMessages: Messages;
  readonly children: ReactNode;
}

export function PreferencesProvider({ initial, initialMessages, children }: Props) {
  const [current, setCurrent] = useState({ choices: initial, messages: initialMessages });
  const { choices, messages } = current;
  const choose = useCallback(
    async (change: Partial<Choices>) => {
      const next = { ...choices, ...change };
      const sentences = next.language === choices.language ? messages : await loadMessages(next.language);
      applyLanguage(next.language);
      store(next);
      setCurrent({ choices: next, messages: sentences });
    },
    [choices, messages],
  );
  const preferences = useMemo(() => ({ ...choices, messages, choose }), [choices, messages, choose]);
  return <Context value={preferences}>{children}</Context>;
}

export function usePreferences(): Preferences {
  const preferences = useContext(Context);
  if (preferences === null) throw new Error('usePreferences needs a PreferencesProvider above it.');
  return preferences;
}

function readStored(): Record<string, unknown> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORED_AS) ?? '{}');
    return typeof stored === 'object' && stored !== null ? { ...stored } : {};
  } catch {
    // Storage may be forbidden or broken; then nothing is remembered and everything works.
    return {};
  }
}

function store(choices: Choices): void {
  try {
    localStorage.setItem(STORED_AS, JSON.stringify(choices));
  } catch {
    // As above.
  }
}
