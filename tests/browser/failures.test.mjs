// What is shown while the server, or what it stands on, does not answer.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';

import { SCHEMES, SIZES, becomeOperator, closeBrowser, keepPicture, look, read } from './support/browser.mjs';
import { startServer } from './support/server.mjs';

let server, account, webhook;
before(async () => {
  server = await startServer();
  account = await server.openAccount('Acme Inc.');
  webhook = await account.webhook('http://127.0.0.1:1/hooks');
});
after(async () => {
  await closeBrowser();
  await server.stop();
});

/** Readers who were signed in before anything failed: one in each size, in the light and in the dark. */
async function readers() {
  const links = [];
  for (const size of Object.keys(SIZES)) {
    for (const scheme of SCHEMES) {
      for (const scripts of [true, false]) {
        const page = await read(server, { link: await account.link(), size, scheme, scripts });
        await becomeOperator(page, server);
        links.push([`${size}-${scheme}-${scripts ? 'scripts' : 'plain'}`, page]);
      }
    }
  }
  return links;
}

test('what the operator may not see, or is not there, leads back to the operator\u2019s pages', async () => {
  const page = await read(server);
  await becomeOperator(page, server);
  for (const path of ['/operator/nowhere', '/operator/accounts/acct_01jgz2v6nv6e0w5dj3c5rqm8ta']) {
    assert.equal((await page.goto(path)).status(), 404);
    await page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
    await page.getByRole('link', { name: 'Back to the operator\u2019s pages' }).click();
    await page.getByRole('heading', { name: 'Accounts', level: 1 }).waitFor();
  }
});

test('a page whose backend is away says so, and is asked for again by its link', async () => {
  const pages = await readers();
  for (const [, page] of pages) {
    await page.goto(`/dashboard/webhooks/${webhook.id}`);
    await page.locator('#edit').getByLabel('Description').fill('new');
  }
  server.damage();
  for (const [, page] of pages) {
    // What each connection to the file reads first is damaged, and after that there is none.
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByRole('heading', { name: /This can\u2019t be (shown|done right now)$/ }).waitFor();
  }
  for (const [name, page] of pages) {
    for (const path of [`/dashboard/webhooks/${webhook.id}`, '/dashboard/logs?status=4xx', '/operator/accounts?q=Acme']) {
      const answer = await page.goto(path);
      assert.equal(answer.status(), 503, path);
      await page.getByRole('heading', { name: 'This can\u2019t be shown right now' }).waitFor();
      const again = page.getByRole('link', { name: 'Try again' });
      assert.equal(await again.getAttribute('href'), path);
    }
    await look(page, `away-${name}`);
  }
});

/** Site with the pages in a frame that it makes as high as they say they are. */
async function siteAround() {
  const site = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end(`<!doctype html>
    <meta name="viewport" content="width=device-width"><title>Around</title><style>body { margin: 0 } iframe { border: 0; width: 100%; height: 200px }</style>
    <iframe title="Settings" src="${site.framed}"></iframe>
    <script>addEventListener('message', ({ data }) => { document.querySelector('iframe').style.height = data.height + 'px'; });</script>`));
  await once(site.listen(0, '127.0.0.1'), 'listening');
  return Object.assign(site, { origin: `http://localhost:${site.address().port}` });
}

test('a page that fails within a frame says so there, without a header, and all of it is seen', async () => {
  const site = await siteAround();
  const framed = await startServer({
    LATCHHOOK_FRAME_ANCESTORS: site.origin,
    LATCHHOOK_FRAME_HEADER: 'hide',
    LATCHHOOK_PUBLIC_URL: 'https://hooks.example.com',
  });
  try {
    const own = await framed.openAccount('Globex');
    const { id } = await own.webhook('http://127.0.0.1:1/hooks');
    const readers = [];
    for (const size of Object.keys(SIZES)) {
      for (const scheme of SCHEMES) {
        const { url } = await own.post('/v1/portal_sessions', { capabilities: ['keys:read'] });
        const link = new URL(url);
        site.framed = framed.url + link.pathname + link.search;
        const page = await read(framed, { size, scheme });
        await page.goto(site.origin);
        const [, frame] = page.frames();
        const told = async (title, name) => {
          await frame.getByRole('heading', { name: title, level: 1 }).waitFor();
          assert.equal(await frame.locator('header, main > .icon, main > .logo').count(), 0, title);
          // Once the site has made the frame as high as it was told, nothing is left to be scrolled to.
          await frame.waitForFunction(() => innerHeight !== 200 && document.documentElement.scrollHeight <= innerHeight);
          if (name) await keepPicture(page, `framed-${name}-${size}-${scheme}`);
        };
        await told('Sign in to Globex?', 'sign-in');
        await frame.getByRole('button', { name: 'Sign in' }).click();
        await told('API keys');
        readers.push({ page, frame, told });
        for (const [path, status, title, name] of [
          ['/dashboard/nowhere', 404, 'There is nothing here', 'nothing'],
          [`/dashboard/webhooks/${id}`, 403, 'You may not do this', 'not-permitted'],
          [link.pathname + link.search, 401, 'This sign-in link is used up', 'used'],
        ]) {
          const answer = await frame.goto(framed.url + path);
          assert.equal(answer.status(), status, path);
          await told(title, name);
          if (status === 404) {
            await frame.getByRole('link', { name: 'Back to Developer settings' }).click();
            await told('API keys');
          }
        }
      }
    }
    framed.damage();
    for (const { page, frame, told } of readers) {
      // What each connection to the file reads first is damaged, and after that there is none.
      while ((await frame.goto(`${framed.url}/dashboard/keys`)).status() !== 503);
      await told('This can\u2019t be shown right now', 'away');
      assert.equal(await frame.getByRole('link', { name: 'Try again' }).getAttribute('href'), '/dashboard/keys');
      await page.context().clearCookies();
      assert.equal((await frame.goto(`${framed.url}/dashboard/keys`)).status(), 401);
      await told('Your session has ended', 'ended');
      await page.context().close();
    }
  } finally {
    await framed.stop();
    site.closeAllConnections();
    site.close();
  }
});
