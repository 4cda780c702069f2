import { type ReactNode, useMemo } from 'react';
import { FormattedMessage, useIntl } from 'react-intl';
import { type LocalText } from '#api-client';
import { type MessageId } from '../messages/catalogue.js';
import { usePreferences } from './preferences.js';

type Values = Readonly<Record<string, string | number | bigint | Date>>;

/** A function from the name of a sentence to the sentence, for attributes and titles. */
export function useWords(): (id: MessageId, values?: Values) => string {
  const { formatMessage } = useIntl();
  return useMemo(() => (id, values) => formatMessage({ id }, values), [formatMessage]);
}

/** A sentence as text on the page; its values may be figures, links and emphasis. */
export function Words({
  id,
  values,
}: {
  readonly id: MessageId;
  readonly values?: Readonly<Record<string, ReactNode>>;
}) {
  return <FormattedMessage id={id} {...(values === undefined ? {} : { values })} />;
}

/** A text that the municipality wrote in both languages. */
export function useLocalText(): (text: LocalText) => string {
  const { language } = usePreferences();
  return useMemo(() => (text) => text[language], [language]);
}
