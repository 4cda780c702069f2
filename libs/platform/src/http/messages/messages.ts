export interface ProblemMessage {
  readonly title: string;
  readonly detail: string;
}

/** All that the API says to people in one language, as ICU messages. */
export interface Messages {
  /** By the code of the error; placeholders are filled from its details. */
  readonly problems: Readonly<Record<string, ProblemMessage>>;
  /** By the code of a field's fault; placeholders are filled from its values. */
  readonly fields: Readonly<Record<string, string>>;
}
