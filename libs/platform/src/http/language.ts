/** The languages of the product, the first being the one for callers who name none that we have. */
export const LANGUAGES = ['en', 'ar'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Longer headers are cut: nobody reads that many languages. */
const HEADER_LENGTH_MAX = 500;

/** The language that an Accept-Language header (RFC 9110, 12.5.4) likes best among those we have. */
export function preferredLanguage(acceptLanguage: string | undefined): Language {
  const ranked = (acceptLanguage ?? '')
    .slice(0, HEADER_LENGTH_MAX)
    .split(',')
    .map((range) => {
      const [tag = '', ...parameters] = range.split(';').map((part) => part.trim());
      const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice('q='.length) ?? '1';
      return { language: tag.toLowerCase().split('-')[0], quality: Number(quality) };
    })
    .filter(({ quality }) => quality > 0)
    .sort((one, other) => other.quality - one.quality);
  for (const { language } of ranked) {
    const spoken = LANGUAGES.find((ours) => ours === language);
    if (spoken !== undefined) return spoken;
  }
  return LANGUAGES[0];
}
