import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { type Session } from '#api-client';
import { type DecimalText, decimalText } from './amounts.js';
import { usePreferences } from './preferences.js';

type Amount = string | number | bigint;

/** How this reader sees figures: their language and digits, the municipality's currency and time zone. */
export interface Quantities {
  readonly locale: string;
  readonly timeZone: string;
  /** Kilograms with the unit. A single weighing shows the grams its scale showed; a total two decimals. */
  readonly weighed: (grams: Amount) => string;
  readonly kilograms: (grams: Amount) => string;
  readonly kilogramsWithUnit: (grams: Amount) => string;
  /** Credits without the word. Never more than was earned: what lies behind the third decimal is cut, not rounded. */
  readonly credits: (microCredits: Amount) => string;
  readonly money: (minor: Amount) => string;
  readonly count: (value: number | bigint) => string;
  /** 23 November 2026 */
  readonly day: (day: string) => string;
  /** 23 Nov */
  readonly shortDay: (day: string) => string;
  /** 23 November 2026 at 10:15 */
  readonly moment: (iso: string) => string;
  /** 23 Nov, 10:15 */
  readonly shortMoment: (iso: string) => string;
  /** 10:15:30 */
  readonly clock: (iso: string) => string;
  /** Whether it is of the same day as `now`, where the municipality is. */
  readonly isToday: (iso: string, now: number) => boolean;
  /** 3 minutes ago; in two months */
  readonly distance: (iso: string, now: number) => string;
}

type Municipality = Session['municipality'];

const SECOND = 1_000;
const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

/** One set of formatters, made once for a language, a choice of digits and a municipality. */
function createQuantities(language: string, digits: string, municipality: Municipality | null): Quantities {
  // Palestinian Arabic names the months as the village does; British English writes the day first.
  const locale = `${language === 'ar' ? 'ar-PS' : 'en-GB'}-u-ca-gregory-nu-${digits}`;
  const timeZone = municipality?.timeZone ?? 'UTC';
  const currency = municipality?.currency ?? { code: 'XXX', decimals: 2 };
  const numbers = (options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options);
  const exact = (format: Intl.NumberFormat) => (text: DecimalText) => format.format(text);
  const kilogram = { style: 'unit', unit: 'kilogram', unitDisplay: 'short' } as const;
  const weighed = exact(numbers({ ...kilogram, minimumFractionDigits: 2, maximumFractionDigits: 3 }));
  const total = exact(numbers({ minimumFractionDigits: 2, maximumFractionDigits: 2 }));
  const totalWithUnit = exact(numbers({ ...kilogram, minimumFractionDigits: 2, maximumFractionDigits: 2 }));
  const credits = exact(numbers({ maximumFractionDigits: 3, roundingMode: 'trunc' }));
  const money = exact(
    numbers({
      style: 'currency',
      currency: currency.code,
      currencyDisplay: 'narrowSymbol',
      minimumFractionDigits: currency.decimals,
      maximumFractionDigits: currency.decimals,
    }),
  );
  const count = numbers({ maximumFractionDigits: 0 });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const dates = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options);
  // A day has no time zone of its own: it is written as it stands.
  const day = dates({ dateStyle: 'long', timeZone: 'UTC' });
  const shortDay = dates({ day: 'numeric', month: 'short', timeZone: 'UTC' });
  const moment = dates({ dateStyle: 'long', timeStyle: 'short', hourCycle: 'h23', timeZone });
  const short = dates({
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone,
  });
  const date = dates({ dateStyle: 'short', timeZone });
  const clock = dates({ timeStyle: 'medium', hourCycle: 'h23', timeZone });
  return {
    locale,
    timeZone,
    weighed: (grams) => weighed(decimalText(grams, 3)),
    kilograms: (grams) => total(decimalText(grams, 3)),
    kilogramsWithUnit: (grams) => totalWithUnit(decimalText(grams, 3)),
    credits: (microCredits) => credits(decimalText(microCredits, 6)),
    money: (minor) => money(decimalText(minor, currency.decimals)),
    count: (value) => count.format(value),
    day: (value) => day.format(new Date(value)),
    shortDay: (value) => shortDay.format(new Date(value)),
    moment: (iso) => moment.format(new Date(iso)),
    shortMoment: (iso) => short.format(new Date(iso)),
    clock: (iso) => clock.format(new Date(iso)),
    isToday: (iso, now) => date.format(new Date(iso)) === date.format(now),
    distance(iso, now) {
      const seconds = Math.round((Date.parse(iso) - now) / SECOND);
      const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', 1];
      return relative.format(Math.trunc(seconds / size), unit);
    },
  };
}

const Context = createContext<Quantities | null>(null);

interface ProviderProps {
  readonly municipality: Municipality | null;
  readonly children: ReactNode;
}

export function QuantitiesProvider({ municipality, children }: ProviderProps) {
  const { language, digits } = usePreferences();
  const quantities = useMemo(() => createQuantities(language, digits, municipality), [language, digits, municipality]);
  return <Context value={quantities}>{children}</Context>;
}

export function useQuantities(): Quantities {
  const quantities = useContext(Context);
  if (quantities === null) throw new Error('useQuantities needs a QuantitiesProvider above it.');
  return quantities;
}

/** A figure, isolated from the direction of the text around it. */
export function Figure({
  children,
  className,
}: {
  readonly children: ReactNode;
  readonly className?: string | undefined;
}) {
  return <bdi className={className === undefined ? 'figure' : `figure ${className}`}>{children}</bdi>;
}

export function Weighed({ grams }: { readonly grams: Amount }) {
  return <Figure>{useQuantities().weighed(grams)}</Figure>;
}

export function Kilograms({ grams }: { readonly grams: Amount }) {
  return <Figure>{useQuantities().kilogramsWithUnit(grams)}</Figure>;
}

export function Credits({ micro }: { readonly micro: Amount }) {
  return <Figure>{useQuantities().credits(micro)}</Figure>;
}

export function Money({ minor }: { readonly minor: Amount }) {
  return <Figure>{useQuantities().money(minor)}</Figure>;
}

interface CodeProps {
  readonly children: ReactNode;
  /** A long code, such as a hash, may break anywhere; a short one stays in one piece. */
  readonly long?: boolean;
}

/** A code (a scale, a hash, a reason) that reads left to right wherever it stands. */
export function Code({ children, long = false }: CodeProps) {
  return (
    <bdi dir="ltr" className="code" data-long={long}>
      {children}
    </bdi>
  );
}

/** A moment in the municipality's time zone, exact to machines. */
export function Moment({ iso, short = false }: { readonly iso: string; readonly short?: boolean }) {
  const quantities = useQuantities();
  return (
    <time dateTime={iso}>
      <Figure>{short ? quantities.shortMoment(iso) : quantities.moment(iso)}</Figure>
    </time>
  );
}

/** The time now, again every `everyMs`, for ages that grow while one looks. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** How long ago, growing while one looks. */
export function Ago({ iso }: { readonly iso: string }) {
  const { distance } = useQuantities();
  const now = useNow(15 * SECOND);
  // A scale's clock may run ahead of ours by a moment; nothing happens "in two seconds".
  return <time dateTime={iso}>{distance(iso, Math.max(now, Date.parse(iso)))}</time>;
}
