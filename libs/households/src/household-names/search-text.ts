/** Marks above and below letters: Arabic vowels, hamza and madda on a carrier, and the accents of Latin letters. */
const MARKS = /\p{Mn}/gu;
const TATWEEL = /\u0640/g;
const NOT_A_LETTER_OR_DIGIT = /[^\p{L}\p{N}]+/gu;

/** Letters that people write for one another, each with the one that stands for all of them here. */
const VARIANTS: Readonly<Record<string, string>> = {
  '\u0671': '\u0627', // alef wasla → alef
  '\u0649': '\u064A', // alef maksura → ya
  '\u06CC': '\u064A', // Farsi ya → ya
  '\u06A9': '\u0643', // keheh → kaf
  '\u0629': '\u0647', // ta marbuta → ha
};
const VARIANT = new RegExp(`[${Object.keys(VARIANTS).join('')}]`, 'g');
const ZEROS = [0x0660, 0x06f0] as const; // Arabic-Indic and extended Arabic-Indic

/**
 * A text as a search compares it: أحمد, احمد and أَحْمَـد are one name, and so are Émile and emile. Compatibility
 * decomposition (Unicode NFKD) parts a letter from its hamza or accent, and those are dropped.
 */
export function searchTextOf(text: string): string {
  return text
    .normalize('NFKD')
    .replace(MARKS, '')
    .replace(TATWEEL, '')
    .replace(VARIANT, (letter) => VARIANTS[letter] ?? letter)
    .replace(/[\u0660-\u0669\u06F0-\u06F9]/g, westernDigit)
    .toLowerCase()
    .replace(NOT_A_LETTER_OR_DIGIT, ' ')
    .trim();
}

function westernDigit(digit: string): string {
  const code = digit.charCodeAt(0);
  const zero = ZEROS.find((start) => code >= start && code <= start + 9) ?? code;
  return String(code - zero);
}
