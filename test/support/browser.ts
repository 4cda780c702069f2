import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect } from '@jest/globals';
import { type AxeResults } from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const CANDIDATES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
] as const;

/** Nothing that calls home, and nothing that a machine without a screen lacks. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export type Language = 'ar' | 'en';
export type Size = 'phone' | 'desktop';
export type Light = 'light' | 'dark';
export type Role = 'household' | 'operator' | 'clerk' | 'recycler';

export const LANGUAGES = ['ar', 'en'] as const satisfies readonly Language[];
export const SIZES = ['phone', 'desktop'] as const satisfies readonly Size[];

export const VIEWPORTS: Readonly<Record<Size, { width: number; height: number }>> = {
  phone: { width: 360, height: 640 },
  desktop: { width: 1280, height: 800 },
};
/** The narrowest screen that everything must fit on (WCAG 2.2, 1.4.10). */
const NARROWEST = 320;

/** A Chromium of this machine: the one that CHROMIUM_PATH names, or one in a usual place; null where there is none. */
export function findChromium(): string | null {
  const named = process.env['CHROMIUM_PATH'];
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) throw new Error(`CHROMIUM_PATH names ${named}, which is not there.`);
    return named;
  }
  return CANDIDATES.find((path) => existsSync(path)) ?? null;
}

export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: FLAGS });
}

export interface Visit {
  readonly language?: Language;
  readonly size?: Size;
  readonly light?: Light;
  /** Signed in as the demo's account of this role; nobody without it. */
  readonly role?: Role;
}

/** Opens windows on one running Mizan, each a person and a device of its own. */
export class Visitors {
  private readonly contexts: BrowserContext[] = [];

  constructor(
    private readonly browser: Browser,
    private readonly url: string,
  ) {}

  /** A new device, at this address, in this language and light. */
  async open(path: string, { language = 'en', size = 'desktop', light = 'light', role }: Visit = {}): Promise<Page> {
    const context = await this.browser.newContext({
      baseURL: this.url,
      viewport: VIEWPORTS[size],
      colorScheme: light,
      locale: language === 'ar' ? 'ar' : 'en-GB',
      hasTouch: size === 'phone',
      reducedMotion: 'reduce',
    });
    this.contexts.push(context);
    if (role !== undefined) await this.signIn(context, role);
    const page = await context.newPage();
    await page.goto(path);
    return page;
  }

  /** Closes every window that was opened. */
  async close(): Promise<void> {
    await Promise.all(this.contexts.splice(0).map((context) => context.close()));
  }

  private async signIn(context: BrowserContext, role: Role): Promise<void> {
    const demo = (await (await context.request.get('/api/v1/demo')).json()) as {
      accounts: readonly { role: Role; login: string; password: string }[];
    };
    const account = demo.accounts.find((one) => one.role === role);
    if (account === undefined) throw new Error(`The demo has no account for the role ${role}`);
    const { login, password } = account;
    const answer = await context.request.post('/api/v1/session', { data: { login, password } });
    expect(answer.ok()).toBe(true);
  }
}

/** The little that these tests need of the page's own globals; the backend's compiler knows no others. */
interface PageElement {
  readonly outerHTML: string;
  readonly getBoundingClientRect: () => { left: number; right: number; width: number; height: number };
  readonly checkVisibility: () => boolean;
  readonly closest: (selector: string) => PageElement | null;
}

interface PageGlobals {
  readonly document: {
    readonly documentElement: { readonly clientWidth: number; readonly scrollWidth: number };
    readonly fonts: { readonly ready: Promise<unknown> };
    readonly querySelector: (selector: string) => PageElement | null;
    readonly querySelectorAll: (selector: string) => Iterable<PageElement>;
  };
  readonly axe: { readonly run: (options: object) => Promise<AxeResults> };
}

/** Waits until the page has said everything it will say by itself: no skeleton, no font on its way. */
export async function settled(page: Page): Promise<void> {
  await page.locator('h1').waitFor();
  await page.waitForFunction(() => {
    const { document } = globalThis as unknown as PageGlobals;
    return document.querySelector('[aria-busy="true"], .mantine-Skeleton-root') === null;
  });
  await page.evaluate(async () => {
    await (globalThis as unknown as PageGlobals).document.fonts.ready;
  });
}

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Fails with every violation of WCAG 2.2 A and AA that axe finds, and where. */
export async function expectAccessible(page: Page): Promise<void> {
  // Evaluated, not linked: the page's own policy allows no script from elsewhere.
  await page.evaluate(await axeSource());
  const { violations } = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as PageGlobals;
    return axe.run({
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      resultTypes: ['violations'],
    });
  });
  expect(
    violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ html, failureSummary }) => [html, failureSummary]) })),
  ).toEqual([]);
}

let axe: Promise<string> | undefined;

function axeSource(): Promise<string> {
  axe ??= import('node:fs/promises').then(({ readFile }) => readFile(AXE, 'utf8'));
  return axe;
}

/** Fails when anything is wider than the narrowest screen, and names what is. */
export async function expectToFitNarrowScreen(page: Page): Promise<void> {
  const size = page.viewportSize();
  await page.setViewportSize({ width: NARROWEST, height: 640 });
  const wider = await page.evaluate(() => {
    const { document } = globalThis as unknown as PageGlobals;
    const edge = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= edge) return [];
    return [...document.querySelectorAll('body *')]
      .filter((element) => {
        const { left, right } = element.getBoundingClientRect();
        return right > edge + 1 || left < -1;
      })
      .map((element) => element.outerHTML.slice(0, 120));
  });
  if (size !== null) await page.setViewportSize(size);
  expect(wider).toEqual([]);
}

/** The least size of what a finger has to hit, in CSS pixels. */
const TARGET_MIN = 44;

/** Fails when a control is smaller than a finger needs. Links within sentences are exempt, as in WCAG 2.2, 2.5.8. */
export async function expectReachableTargets(page: Page): Promise<void> {
  const small = await page.evaluate((least) => {
    const { document } = globalThis as unknown as PageGlobals;
    const controls = document.querySelectorAll('button, select, summary, nav a, input:not([type="radio"])');
    return (
      [...controls]
        .map((element) => ({ element, box: element.getBoundingClientRect() }))
        .filter(({ element, box }) => box.width > 1 && element.checkVisibility())
        // What a label or a wrapper enlarges is as large as that.
        .filter(({ element, box }) => box.height < least && element.closest('.mantine-Input-wrapper') === null)
        .map(({ element, box }) => `${String(Math.round(box.height))}px ${element.outerHTML.slice(0, 100)}`)
    );
  }, TARGET_MIN);
  expect(small).toEqual([]);
}
