import type en from './en.json';

/** Every sentence has a name; a name that does not exist does not compile. */
export type MessageId = keyof typeof en;
export type Messages = Record<MessageId, string>;

export type Language = 'ar' | 'en';

/** Fetches the sentences of one language; each is a chunk of its own, so nobody loads the other. */
export async function loadMessages(language: Language): Promise<Messages> {
  const loaded = language === 'ar' ? await import('./ar.json') : await import('./en.json');
  return loaded.default;
}
