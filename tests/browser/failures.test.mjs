// What is shown while the server, or what it stands on, does not answer.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { SCHEMES, SIZES, becomeOperator, closeBrowser, look, read } from './support/browser.mjs';
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
