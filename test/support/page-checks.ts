import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { expect } from '@jest/globals';
import { type AxeResults } from 'axe-core';
import { type Page } from 'playwright-core';
import { eventually } from './eventually.js';

/** The narrowest screen that everything must fit on (WCAG 2.2, 1.4.10). */
const NARROWEST = 320;

/** The little that these checks need of the page's own globals; the backend's compiler knows no others. */
interface PageElement {
  readonly outerHTML: string;
  readonly getBoundingClientRect: () => { left: number; right: number; width: number; height: number };
  readonly checkVisibility: () => boolean;
  readonly closest: (selector: string) => PageElement | null;
}

interface PageGlobals {
  readonly document: {
    readonly documentElement: { readonly clientWidth: number; readonly scrollWidth: number };
    readonly querySelectorAll: (selector: string) => Iterable<PageElement>;
  };
  readonly axe: { readonly run: (options: object) => Promise<AxeResults> };
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
  axe ??= readFile(AXE, 'utf8');
  return axe;
}

/** Fails when anything is wider than the narrowest screen, and names what is. */
export async function expectToFitNarrowScreen(page: Page): Promise<void> {
  const size = page.viewportSize();
  await page.setViewportSize({ width: NARROWEST, height: 640 });
  // A chart learns of the new size a moment later.
  await eventually(async () => expect(await widerThanScreen(page)).toEqual([]), RESIZE_MS_MAX);
  if (size !== null) await page.setViewportSize(size);
}

const RESIZE_MS_MAX = 2_000;

function widerThanScreen(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
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
