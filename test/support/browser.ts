import { existsSync } from 'node:fs';
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
    if (!answer.ok()) throw new Error(`The demo's ${role} could not sign in: ${answer.status()}`);
  }
}

/** The little that these tests need of the page's own globals; the backend's compiler knows no others. */
interface PageGlobals {
  readonly document: {
    readonly fonts: { readonly ready: Promise<unknown> };
    readonly querySelector: (selector: string) => object | null;
  };
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
