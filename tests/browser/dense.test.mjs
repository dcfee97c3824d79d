import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { SCHEMES, closeBrowser, look, read } from './support/browser.mjs';
import { startReceiver } from './support/receiver.mjs';
import { startServer } from './support/server.mjs';

let server, receiver, account, webhook;
before(async () => {
  server = await startServer();
  receiver = await startReceiver();
  account = await server.openAccount('Acme Inc.');
  webhook = await account.webhook(`${receiver.url}/good?say={"seen":true}`);
  for (let index = 0; index < 26; index += 1) await account.event('report.completed', { id: `rep_${index}` });
  const { key } = await account.key();
  for (let index = 0; index < 25; index += 1) await server.call('GET', '/v1/webhooks', undefined, { credential: `Bearer ${key}` });
});
after(async () => {
  await closeBrowser();
  await server.stop();
  await receiver.stop();
});

const height = (page) => page.evaluate('document.documentElement.scrollHeight');

for (const scheme of SCHEMES) {
  test(`a page of a log is short on a phone, and leaves nothing out (${scheme})`, async () => {
    const page = await read(server, { link: await account.link(), size: 'phone', scheme });
    for (const [kind, parts] of [
      ['webhook_delivery', ['report.completed', 'rep_25', '200', ' ms', '\n1\n']],
      ['api_request', ['GET /v1/webhooks', '200', ' ms', '127.0.0.1']],
    ]) {
      await page.goto(`/dashboard/logs?kind=${kind}`);
      const rows = page.locator('#rows tbody tr');
      assert.equal(await rows.count(), 25);
      const told = await rows.first().innerText();
      for (const part of parts) assert.ok(told.includes(part), `${part} in ${told}`);
      const tall = await height(page);
      assert.ok(tall < 2500, `${kind}: ${tall} px`);
      const { height: row } = await rows.first().boundingBox();
      assert.ok(row >= 44, `a row is ${row} px high`);
      await look(page, `logs-dense-${kind}-${scheme}`);
      // All of a row leads where its link does.
      await rows.nth(1).click({ position: { x: 250, y: 30 } });
      await page.waitForURL(/log_/);
    }
  });
}

test('filters are folded on a phone alone', async () => {
  for (const [size, folded] of [['phone', true], ['desktop', false]]) {
    const page = await read(server, { link: await account.link(), size });
    await page.goto('/dashboard/logs?status=succeeded');
    assert.equal(await page.getByLabel('Status', { exact: true }).isVisible(), !folded);
    await page.getByRole('list', { name: 'Filters' }).getByText('succeeded').waitFor();
    if (folded) await page.locator('.filter-fold > summary').click();
    assert.equal(await page.getByLabel('Status', { exact: true }).isVisible(), true);
  }
});

test('the tabs of the log have one line each on a phone', async () => {
  const page = await read(server, { link: await account.link(), size: 'phone' });
  await page.goto('/dashboard/logs');
  for (const tab of await page.locator('.big a').all()) {
    const { height } = await tab.boundingBox();
    const lines = await tab.evaluate((link) => {
      const text = document.createRange();
      text.selectNodeContents(link);
      return text.getClientRects().length;
    });
    assert.deepEqual([lines, height], [1, 40], await tab.innerText());
  }
});

test('a webhook\u2019s page has two columns where there is room', async () => {
  const page = await read(server, { link: await account.link() });
  await page.goto(`/dashboard/webhooks/${webhook.id}`);
  const [settings, secret] = await Promise.all(['#edit', '#secret'].map((part) => page.locator(part).boundingBox()));
  assert.ok(secret.x > settings.x + settings.width, 'they stand side by side');
  assert.ok(await height(page) < 2800, `${await height(page)} px`);
});

test('no relative time is a tab stop', async () => {
  const page = await read(server, { link: await account.link() });
  for (const path of ['keys', 'webhooks', `webhooks/${webhook.id}`, 'logs', 'history']) {
    await page.goto(`/dashboard/${path}`);
    assert.equal(await page.locator('time[tabindex]').count(), 0, path);
  }
});

test('a response is shown pretty and raw, and what is long is folded', async () => {
  const long = Object.fromEntries([...Array(60).keys()].map((index) => [`field_${index}`, index]));
  const { id } = await account.event('report.completed', long);
  const page = await read(server, { link: await account.link() });
  await page.goto(`/dashboard/logs?event_id=${id}`);
  await page.locator('#rows tbody tr').first().getByRole('link').click();
  assert.match(await page.getByLabel('Body of the response', { exact: true }).innerText(), /{\n {2}"seen": true\n}/);
  await page.goto(`/dashboard/events/${id}`);
  const body = page.getByLabel('The event\u2019s object').or(page.getByLabel("The event's object"));
  assert.equal(await body.isVisible(), false);
  await page.getByText(/object, \d+ lines/).click();
  await body.getByText('"field_59": 59').waitFor();
  await look(page, 'event-long');
});

test('a host that does not resolve, and what to do about it, is told', async () => {
  const { id } = await account.webhook('https://nowhere.invalid/hooks', { event_types: ['dns.failed'] });
  await account.event('dns.failed');
  const page = await read(server, { link: await account.link() });
  await page.goto(`/dashboard/logs?webhook_id=${id}`);
  await page.locator('#rows tbody tr').first().getByRole('link').click();
  await page.getByText(/: nowhere\.invalid\. Check the URL and the DNS record\./).waitFor();
  await look(page, 'log-dns');
});
