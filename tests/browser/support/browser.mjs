// The browser, and checks that every page must pass.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

import { axeSource, chromium } from './modules.mjs';

export const SIZES = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } };
export const SCHEMES = ['light', 'dark'];

const folder = join(
  process.env.LATCHHOOK_ARTEFACTS_DIR ?? join(homedir(), '.cache/latchhook/artefacts'),
  'browser',
);
mkdirSync(folder, { recursive: true });

let browser;

/** Opens a new browser context, signed in by `link` if there is one. */
export async function read(server, { link, size = 'desktop', scheme = 'light', scripts = true, zone = 'Europe/Berlin', locale = 'en-GB' } = {}) {
  browser ??= await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
  });
  const context = await browser.newContext({
    baseURL: server.url,
    viewport: SIZES[size],
    colorScheme: scheme,
    javaScriptEnabled: scripts,
    timezoneId: zone,
    locale,
    reducedMotion: 'reduce',
    hasTouch: size === 'phone',
  });
  context.setDefaultTimeout(10_000);
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.url });
  const page = await context.newPage();
  page.scripts = scripts;
  watch(page, server);
  if (link) await signIn(page, link);
  return page;
}

/** Opens a sign-in link, and confirms. */
export async function signIn(page, link) {
  await page.goto(link);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/dashboard/keys');
}

export async function closeBrowser() {
  await browser?.close();
}

/**
 * Most bytes of a request's line and header values: half of what an HTTP API of API Gateway takes, for other
 * sites below the same domain may have cookies, too.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
 */
const MOST_OF_HEAD = 10_240 / 2;

/** Records faults of a page: requests to other hosts or too long, violations of its policy, errors in scripts. */
function watch(page, server) {
  page.faults = [];
  page.on('request', async (request) => {
    if (!request.url().startsWith(`${server.url}/`)) page.faults.push(`asked ${request.url()}`);
    // With the cookies; of a request that was given up there are none.
    const headers = await request.headersArray().catch(() => []);
    const size = headers.reduce((sum, { value }) => sum + value.length, request.method().length + request.url().length);
    if (size > MOST_OF_HEAD) page.faults.push(`asked in ${size} bytes: ${request.url()}`);
  });
  page.on('pageerror', (error) => page.faults.push(`script: ${error.message}`));
  page.on('console', (message) => {
    const text = message.text();
    if (message.type() === 'error' && !text.startsWith('Failed to load resource')) page.faults.push(text);
  });
}

/** Opens the fold that the filters of a log are in on a phone. */
export async function unfold(page) {
  const fold = page.locator('.filter-fold > summary');
  if (await fold.isVisible()) await fold.click();
}

/** Signs in with the operator token, as far as the list of accounts. */
export async function becomeOperator(page, server) {
  await page.goto('/operator');
  await page.getByLabel('Operator token').fill(server.token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Accounts', level: 1 }).waitFor();
}

/** Asserts that nothing is wider than the window, or than its card. */
export async function fits(page, name) {
  const wide = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
  assert.equal(wide, false, `${name} is wider than its window`);
  assert.deepEqual(await page.evaluate(sticksOut), [], `${name}: a card is narrower than what is in it`);
}

/** Finds elements that overflow their card. */
function sticksOut() {
  const right = (element) => element.getBoundingClientRect().right;
  const out = [...document.querySelectorAll('.card *')].filter((element) => {
    const scrolls = element.closest('.code, .scroll, .hidden, small, svg, thead');
    return !scrolls && right(element) > right(element.closest('.card')) + 0.5;
  });
  return out.map((element) => element.outerHTML.slice(0, 120));
}

/**
 * Keeps a picture for people to look at; no test judges by it. Chromium refuses one now and then,
 * when it has just grown the window to the page and nothing is drawn there yet.
 */
export async function keepPicture(page, name) {
  const path = join(folder, `${name}.png`);
  const take = () => page.screenshot({ path, fullPage: true });
  await take().catch((refused) => {
    if (!refused.message.includes('Unable to capture screenshot')) throw refused;
    return take();
  });
}

/** Saves a screenshot of the page and asserts that it has no serious fault. */
export async function look(page, name) {
  await keepPicture(page, name);
  assert.deepEqual(page.faults, [], name);
  // Checks from within a page need scripts.
  if (!page.scripts) return;
  await fits(page, name);
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(
    'axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })',
  );
  const told = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
  assert.deepEqual(told, [], name);
}
