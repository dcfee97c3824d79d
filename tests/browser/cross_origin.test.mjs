import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { after, before, test } from 'node:test';

import { closeBrowser, read } from './support/browser.mjs';
import { startServer } from './support/server.mjs';

let server, account, shop;
before(async () => {
  server = await startServer();
  account = await server.openAccount('Acme Inc.');
  // A page of another origin, such as the customer's own site.
  shop = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end('<!doctype html><title>Shop</title>'));
  await once(shop.listen(0, '127.0.0.1'), 'listening');
});
after(async () => {
  await closeBrowser();
  await server.stop();
  shop.close();
});

/** Calls the API from a script of the shop's page; returns the answer, or that the browser blocks it. */
async function ask(key, path, options = {}) {
  const page = await read(server);
  await page.goto(`http://127.0.0.1:${shop.address().port}/`);
  const told = await page.evaluate(
    async ({ url, key, options }) => {
      try {
        const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
        const answer = await fetch(url, { headers, ...options });
        const names = ['x-request-id', 'x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset'];
        const read = names.filter((name) => answer.headers.has(name));
        return { status: answer.status, json: await answer.json(), read };
      } catch (error) {
        return { kept: error.message };
      }
    },
    { url: server.url + path, key, options },
  );
  await page.context().close();
  return told;
}

test('a page of another origin uses a publishable key', async () => {
  const { key } = await account.key({ type: 'publishable' });
  const told = await ask(key, '/v1/account');
  assert.deepEqual([told.status, told.json.name], [200, 'Acme Inc.']);
  assert.deepEqual(told.read, ['x-request-id', 'x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset']);
});

test('a page of another origin reads why a key is refused', async () => {
  const told = await ask('lh_pk_test_unknown', '/v1/account');
  assert.deepEqual([told.status, told.json.code], [401, 'bad_authentication']);
});

test('a page of another origin reaches nothing that takes a secret key', async () => {
  const { key } = await account.key();
  for (const path of ['/v1/webhooks', '/v1/logs', '/v1/event_types']) {
    assert.deepEqual(await ask(key, path), { kept: 'Failed to fetch' }, path);
  }
  const webhook = { webhook_url: 'https://127.0.0.1:9/', environment: 'test' };
  const made = await ask(key, '/v1/webhooks', { method: 'POST', body: JSON.stringify(webhook) });
  assert.deepEqual(made, { kept: 'Failed to fetch' });
  assert.equal((await account.get('/v1/webhooks')).count, 0);
});
