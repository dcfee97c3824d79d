// The customers' pages as an operator's own: name, logo, colour, links, parts, words, frames.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { SCHEMES, SIZES, closeBrowser, keepPicture, look, read } from './support/browser.mjs';
import { startServer } from './support/server.mjs';

const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 32"><script>document.title = 'ran'</script>
<rect width="96" height="32" rx="6" fill="#0b6b4f"/><text x="48" y="22" font-size="18" font-family="sans-serif" font-weight="700" text-anchor="middle" fill="#fff">acme</text></svg>`;
const WORDS = `[frame]
keys = 'API-Schlüssel'
sign_out = 'Abmelden'
docs = 'Dokumentation'
[keys]
create = 'Schlüssel erstellen'
[webhooks]
retry_everything = 'Alles wiederholen'
[logs]
all_rows = 'Alle'
[common]
copied = 'Kopiert'
show_key = 'Schlüssel zeigen'
hide_key = 'Schlüssel verbergen'
[forms]
url = 'Eine URL fehlt.'
wrong = 'Das geht so nicht.'
[history]
title = 'Verlauf <der> Einstellungen'
`;

let directory, branded, account;
before(async () => {
  directory = mkdtempSync(join(tmpdir(), 'latchhook-branding-'));
  writeFileSync(join(directory, 'logo.svg'), LOGO);
  writeFileSync(join(directory, 'words.toml'), WORDS);
  branded = await startServer({
    LATCHHOOK_BRAND_NAME: 'Acme',
    LATCHHOOK_BRAND_LOGO: join(directory, 'logo.svg'),
    LATCHHOOK_BRAND_ACCENT: '#0b6b4f',
    LATCHHOOK_DOCS_URL: 'https://docs.acme.example/webhooks',
    LATCHHOOK_SUPPORT_URL: 'mailto:support@acme.example',
    LATCHHOOK_WORDS_FILE: join(directory, 'words.toml'),
    LATCHHOOK_JURISDICTIONS: 'DE=Germany,AT=Austria,CH=Switzerland',
  });
  account = await branded.openAccount('Globex', { credentialed: false });
  await account.key();
});
after(async () => {
  await closeBrowser();
  await branded.stop();
  rmSync(directory, { recursive: true, force: true });
});

for (const size of Object.keys(SIZES)) {
  for (const scheme of SCHEMES) {
    test(`the pages have the operator's look, and nothing of ours (${size}, ${scheme})`, async () => {
      const page = await read(branded, { link: await account.link(), size, scheme });
      for (const path of ['keys?new=1', 'webhooks', 'logs', 'history']) {
        await page.goto(`/dashboard/${path}`);
        await page.waitForFunction(() => document.querySelector('.logo').naturalWidth > 0);
        assert.match(await page.title(), /Acme developer settings$/);
        const html = (await page.content()).replaceAll(/webhook-\w+|latchhook_\w+/g, '');
        assert.ok(!/latchhook/i.test(html), html.match(/.{60}latchhook.{60}/i)?.[0]);
        await look(page, `branded-${path.split('?')[0]}-${size}-${scheme}`);
      }
      const main = await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--main').trim());
      if (scheme === 'light') assert.equal(main, '#0b6b4f');
      else assert.match(main, /^#[0-9a-f]{6}$/);
    });
  }
}

test('the menu leads to documentation and support, and live mode says what it is and whom to ask', async () => {
  const page = await read(branded, { link: await account.link(), scripts: false });
  const docs = page.getByRole('link', { name: 'Dokumentation' });
  assert.equal(await docs.getAttribute('href'), 'https://docs.acme.example/webhooks');
  assert.match(await docs.getAttribute('rel'), /noreferrer/);
  assert.equal(await page.getByRole('link', { name: 'Support' }).getAttribute('href'), 'mailto:support@acme.example');
  for (const path of ['/dashboard/keys?new=1', '/dashboard/webhooks']) {
    await page.goto(path);
    await page.getByText('Live mode is for production: its keys and webhooks act on real data.').first().waitFor();
    assert.equal(await page.getByRole('link', { name: 'Ask for live mode' }).getAttribute('href'), 'mailto:support@acme.example');
  }
});

test('words of a file replace the English ones, as text', async () => {
  const page = await read(branded, { link: await account.link() });
  await page.getByRole('link', { name: 'API-Schlüssel' }).waitFor();
  await page.getByRole('button', { name: 'Abmelden' }).waitFor();
  await page.goto('/dashboard/history');
  await page.getByRole('heading', { name: 'Verlauf <der> Einstellungen', level: 1 }).waitFor();
  await page.goto('/dashboard/keys');
  await page.locator('#new > summary').getByText('Schlüssel erstellen').waitFor();
  // Those that only a script shows, too.
  await page.getByRole('button', { name: 'Schlüssel zeigen' }).click();
  await page.getByRole('button', { name: 'Schlüssel verbergen' }).click();
  await page.getByRole('button', { name: 'Schlüssel zeigen' }).waitFor();
  await page.getByRole('button', { name: 'Copy key' }).click();
  await page.getByRole('button', { name: 'Kopiert' }).waitFor();
});

test('the logo is an image that runs nothing, from our own origin', async () => {
  const page = await read(branded, { link: await account.link() });
  const href = await page.locator('.logo').getAttribute('src');
  assert.match(href, /^\/dashboard\/assets\/page-[0-9a-f]{12}\.svg$/);
  const answer = await page.goto(href);
  assert.equal(answer.headers()['content-type'], 'image/svg+xml');
  assert.equal(answer.headers()['content-security-policy'], "default-src 'none'; style-src 'unsafe-inline'; sandbox");
  assert.notEqual(await page.title(), 'ran');
});

test('a jurisdiction is chosen by its name, the first unless another is', async () => {
  const open = await branded.openAccount('Chooser');
  for (const scripts of [true, false]) {
    const page = await read(branded, { link: await open.link(), scripts });
    await page.goto('/dashboard/webhooks');
    const field = page.getByRole('group', { name: 'Jurisdiction' });
    assert.deepEqual((await field.locator('label').allInnerTexts()).map((text) => text.trim()), ['Germany', 'Austria', 'Switzerland']);
    assert.ok(await field.getByLabel('Germany').isChecked());
    await page.getByLabel('URL').first().fill(`http://127.0.0.1:1/${scripts}`);
    await field.getByLabel('Austria').check();
    await page.getByRole('button', { name: 'Add' }).click();
    await page.getByText('Webhook created.').first().waitFor();
    await page.locator('.head').getByText('Austria').waitFor();
    await look(page, `jurisdiction-${scripts}`);
  }
  const { data } = await open.get('/v1/webhooks');
  assert.deepEqual(data.map((webhook) => webhook.jurisdiction), ['AT', 'AT']);
});

test('in a frame the header is left out, and the site around it learns the height, again and again', async () => {
  const site = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end(site.html));
  await once(site.listen(0, '127.0.0.1'), 'listening');
  const origin = `http://localhost:${site.address().port}`;
  const framed = await startServer({
    LATCHHOOK_FRAME_ANCESTORS: `${origin},https://*.acme.example`,
    LATCHHOOK_FRAME_HEADER: 'hide',
    LATCHHOOK_PUBLIC_URL: 'https://hooks.example.com',
  });
  try {
    const link = new URL(await (await framed.openAccount('Globex')).link());
    site.html = `<title>Around</title><h1>Acme</h1><iframe title="Settings" src="${framed.url}${link.pathname}${link.search}" width="900" height="300"></iframe>
      <script>window.told = []; addEventListener('message', ({ origin, data }) => told.push({ origin, ...data }));</script>`;
    const page = await read(framed);
    await page.goto(origin);
    const frame = page.frameLocator('iframe');
    await frame.getByRole('button', { name: 'Sign in' }).click();
    await frame.getByRole('heading', { name: 'API keys', level: 1 }).waitFor();
    assert.equal(await frame.locator('header.top').count(), 0);
    assert.equal(await frame.getByRole('link', { name: 'Webhooks' }).count(), 1);
    await page.waitForFunction('told.some(({ height }) => height > 300)');
    const { origin: from, type, height } = await page.evaluate('told.at(-1)');
    assert.deepEqual([from, type], [framed.url, 'developer-settings']);
    await page.evaluate((height) => { document.querySelector('iframe').style.height = `${height}px`; }, height);
    await frame.locator('#new > summary').click();
    await page.waitForFunction((height) => window.told.at(-1).height > height, height);
    await keepPicture(page, 'framed');
    await page.context().close();
    // A page of its own has its header.
    assert.match(await (await fetch(`${framed.url}/dashboard/signed-out`)).text(), /name="parents"/);
  } finally {
    await framed.stop();
    site.closeAllConnections();
    site.close();
  }
});

test('parts that are left out have no page and no link, and one page alone needs no menu', async () => {
  const few = await startServer({ LATCHHOOK_PAGE_PARTS: 'webhooks,credit', LATCHHOOK_JURISDICTIONS: 'none' });
  try {
    const own = await few.openAccount('Initech');
    const page = await read(few);
    await page.goto(await own.link());
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Webhooks', level: 1 }).waitFor();
    assert.equal(await page.getByRole('navigation').count(), 0);
    await page.getByText('Made with Latchhook').waitFor();
    assert.equal(await page.getByText('Jurisdiction').count(), 0);
    for (const gone of ['keys', 'logs', 'history', 'keys/key_1', 'events/evt_1']) {
      assert.equal((await page.goto(`/dashboard/${gone}`)).status(), 404, gone);
    }
    await page.goto('/dashboard/webhooks');
    await page.getByLabel('URL').first().fill('http://127.0.0.1:1/none');
    await page.getByRole('button', { name: 'Add' }).click();
    await page.getByText('Webhook created.').first().waitFor();
    assert.equal((await own.get('/v1/webhooks')).data[0].jurisdiction, undefined);
    for (const size of Object.keys(SIZES)) {
      await page.setViewportSize(SIZES[size]);
      await look(page, `one-part-${size}`);
    }
  } finally {
    await few.stop();
  }
});

test('what is wrong with the look is told at the start', async () => {
  const wrong = { LATCHHOOK_BRAND_ACCENT: '#ffcc00', LATCHHOOK_PAGE_PARTS: 'keys,billing', LATCHHOOK_WORDS_FILE: join(directory, 'logo.svg') };
  await assert.rejects(startServer(wrong), ({ message }) => {
    for (const told of [/#ffcc00 has a contrast of 1\.5 to white/, /"billing" is none of/, /LATCHHOOK_WORDS_FILE/]) assert.match(message, told);
    return true;
  });
});

test('the bare address leads to the documentation, and whoever is signed in to the pages', async () => {
  const answer = await fetch(branded.url, { redirect: 'manual' });
  assert.deepEqual([answer.status, answer.headers.get('location')], [303, 'https://docs.acme.example/webhooks']);
  const page = await read(branded, { link: await account.link() });
  await page.goto('/');
  await page.waitForURL('**/dashboard/keys');
});
