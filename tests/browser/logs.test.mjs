import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';

import { closeBrowser, look, read, unfold } from './support/browser.mjs';
import { startReceiver } from './support/receiver.mjs';
import { startServer } from './support/server.mjs';

let server, receiver, account, good, bad, key;
before(async () => {
  server = await startServer();
  receiver = await startReceiver();
  account = await server.openAccount('Acme Inc.');
  good = await account.webhook(`${receiver.url}/good?say=thanks`);
  bad = await account.webhook(`${receiver.url}/503/bad`, { event_types: ['report.created'] });
  for (let index = 0; index < 30; index += 1) await account.event('report.completed');
  await account.event('report.created', { status: 'clear' });
  key = await account.key();
  const credential = `Basic ${Buffer.from(`${key.key}:`).toString('base64')}`;
  await server.call('GET', '/v1/webhooks', undefined, { credential });
  await server.call('GET', '/v1/api_keys', undefined, { credential }).catch(() => null);
});
after(async () => {
  await closeBrowser();
  await server.stop();
  await receiver.stop();
});

const results = (page) => page.locator('#rows tbody tr');

for (const [scripts, size] of [[true, 'desktop'], [false, 'phone']]) {
  const how = `${size}, scripts ${scripts ? 'on' : 'off'}`;

  test(`filters are in the address, and the back button goes back (${how})`, async () => {
    const page = await read(server, { link: await account.link(), scripts, size });
    await page.goto('/dashboard/logs');
    assert.equal(await results(page).count(), 25);
    await look(page, `logs-${size}`);
    await unfold(page);
    await page.getByLabel('Status').fill('503');
    await page.getByRole('button', { name: 'Filter' }).click();
    await page.waitForURL(/status=503/);
    assert.ok((await results(page).allInnerTexts()).every((row) => row.includes('503')));
    await look(page, `logs-filtered-${size}`);
    await page.goBack();
    await page.waitForURL((url) => !url.search.includes('status=503'));
    assert.equal(await results(page).count(), 25);
    const shared = await read(server, { link: await account.link(), scripts, size });
    await shared.goto(`/dashboard/logs?webhook_id=${bad.id}&event_type=report.created`);
    assert.equal(await shared.getByLabel('Webhook', { exact: true }).inputValue(), bad.id);
    assert.ok((await results(shared).allInnerTexts()).every((row) => row.includes('report.created')));
    await shared.goto('/dashboard/logs?status=wonderful');
    await shared.locator('#f-status-error').waitFor();
    await look(shared, `logs-refused-${size}`);
    await shared.goto('/dashboard/logs?event_type=never.happened');
    await shared.getByText('Nothing passes these filters.').waitFor();
    await look(shared, `logs-none-${size}`);
  });

  test(`a row leads to request, response and timeline, and can be sent again (${how})`, async () => {
    const page = await read(server, { link: await account.link(), scripts, size });
    await page.goto(`/dashboard/logs?webhook_id=${good.id}&event_type=report.created`);
    await results(page).first().getByRole('link').click();
    await page.getByRole('heading', { name: 'Response' }).waitFor();
    await page.getByText('thanks', { exact: true }).waitFor();
    await page.getByText('webhook-signature', { exact: true }).waitFor();
    await page.getByText('"object": "event"').waitFor();
    await look(page, `log-delivery-${size}`);
    const before = receiver.received.length;
    await page.getByRole('button', { name: 'Send again now' }).click();
    await page.getByText('One more attempt is on its way.').waitFor();
    const id = page.url().match(/evt_[0-9a-z]{26}/)[0];
    const twice = ({ deliveries }) => deliveries.some((one) => one.webhook_id === good.id && one.attempts >= 2);
    await account.until(`/v1/events/${id}`, twice);
    assert.ok(receiver.received.length > before);
  });

  test(`one box finds an object, an event, a key and a path (${how})`, async () => {
    const page = await read(server, { link: await account.link(), scripts, size });
    const find = async (text) => {
      await page.goto('/dashboard/logs');
      await page.getByRole('searchbox', { name: 'Search both logs' }).fill(text);
      await page.keyboard.press('Enter');
      await page.getByRole('list', { name: 'Filters' }).waitFor();
      return Object.fromEntries(new URL(page.url()).searchParams);
    };
    assert.deepEqual(await find('rep_1'), { kind: 'webhook_delivery', object_id: 'rep_1' });
    assert.ok((await results(page).allInnerTexts()).every((row) => row.includes('rep_1')));
    const [{ id: event }] = (await account.get('/v1/events')).data;
    assert.deepEqual(await find(event), { kind: 'webhook_delivery', event_id: event });
    assert.ok(await results(page).count() >= 1);
    assert.deepEqual(await find('ci'), { kind: 'api_request', api_key_id: key.id });
    await page.getByRole('list', { name: 'Filters' }).getByText('CI').waitFor();
    assert.equal(await results(page).count(), 2);
    assert.deepEqual(await find('/v1/web'), { kind: 'api_request', path: '/v1/web' });
    assert.equal(await results(page).count(), 1);
    await look(page, `logs-found-${size}`);
    await page.getByRole('link', { name: 'Without Path from' }).click();
    await page.waitForURL((url) => !url.search.includes('path='));
    assert.equal(await results(page).count(), 2);
    await unfold(page);
    await page.getByLabel('Status').fill('4xx');
    await page.getByRole('button', { name: 'Filter' }).click();
    await page.waitForURL(/status=4xx/);
    assert.equal(await results(page).count(), 1);
    await page.getByRole('link', { name: 'Last hour' }).click();
    await page.waitForURL(/status=4xx.*since=/);
    assert.equal(await results(page).count(), 1);
  });

  test(`a list is exported as it is filtered, and a delivery is shown raw and as cURL (${how})`, async () => {
    const page = await read(server, { link: await account.link(), scripts, size });
    await page.goto(`/dashboard/logs?webhook_id=${bad.id}&status=5xx`);
    const rows = await results(page).count();
    const exported = async (name) => {
      const started = page.waitForEvent('download');
      await page.getByRole('link', { name, exact: true }).click();
      const text = await readFile(await (await started).path(), 'utf8');
      return text.trimEnd().split('\n');
    };
    const [head, ...lines] = await exported('CSV');
    assert.match(head, /^id,created_at,environment,event_type,event_id,object_id,/);
    assert.equal(lines.length, rows);
    assert.ok(lines.every((line) => line.includes(bad.id) && line.includes('rep_1')));
    const objects = (await exported('JSON lines')).map((line) => JSON.parse(line));
    assert.deepEqual(objects.map((one) => one.response_status), Array(rows).fill(503));
    await results(page).first().getByRole('link').click();
    await page.getByText('As cURL').click();
    const command = await page.getByLabel('cURL command').innerText();
    assert.match(command, /^curl --request POST 'http.*503\/bad' \\\n.*webhook-signature: v1,/s);
    if (scripts) {
      await page.getByRole('button', { name: 'Copy command' }).click();
      await page.getByRole('button', { name: 'Copied' }).waitFor();
      assert.equal(await page.evaluate('navigator.clipboard.readText()'), command);
    }
    await page.getByText('Raw body', { exact: true }).click();
    assert.match(await page.getByLabel('Raw body of the request').innerText(), /^{"id":"evt_/);
    await look(page, `log-curl-${size}`);
  });

  test(`the log of API requests lists each, with its error (${how})`, async () => {
    const page = await read(server, { link: await account.link(), scripts, size });
    await page.goto('/dashboard/logs');
    await page.getByRole('link', { name: 'API requests' }).click();
    await page.getByText('GET /v1/api_keys').waitFor();
    await look(page, `logs-requests-${size}`);
    await unfold(page);
    await page.getByLabel('API key').fill(size === 'phone' ? key.id : 'ci');
    await page.getByLabel('Status').fill('failed');
    await page.getByRole('button', { name: 'Filter' }).click();
    await page.waitForURL(/status=failed/);
    assert.equal(await results(page).count(), 1);
    await results(page).first().getByRole('link').click();
    await page.getByText('permission_denied').waitFor();
    await look(page, `log-request-${size}`);
  });

  test(`pages of older rows have their own addresses (${how})`, async () => {
    const page = await read(server, { link: await account.link(), scripts, size });
    await page.goto(`/dashboard/logs?webhook_id=${good.id}&status=200`);
    const older = page.getByRole('link', { name: 'Older' });
    const href = await older.getAttribute('href');
    const first = await results(page).allInnerTexts();
    await older.click();
    if (scripts) {
      await results(page).nth(25).waitFor();
      assert.deepEqual((await results(page).allInnerTexts()).slice(0, 25), first);
      await page.waitForURL(/cursor=/);
    }
    await page.goto(`/dashboard/logs${href}`);
    assert.ok((await results(page).count()) >= 5);
    await page.getByRole('link', { name: 'Newest' }).click();
    assert.equal(await results(page).count(), 25);
  });
}

test('a live list shows an attempt soon after it was made', async () => {
  const page = await read(server, { link: await account.link() });
  await page.goto('/dashboard/logs?event_type=live.happened');
  await page.getByText('Nothing passes these filters.').waitFor();
  await page.getByRole('link', { name: 'Watch live' }).click();
  await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
  await account.event('live.happened');
  await page.getByRole('link', { name: 'live.happened' }).waitFor();
  await look(page, 'logs-live');
  await page.getByRole('link', { name: 'Stop' }).click();
  await page.getByRole('link', { name: 'Watch live' }).waitFor();
});

test('a live list shows a slow attempt above faster ones that ended before it', async () => {
  await account.webhook(`${receiver.url}/slow`, { event_types: ['long.lasted'] });
  const page = await read(server, { link: await account.link() });
  await page.goto('/dashboard/logs?live=1');
  const slow = account.event('long.lasted');
  for (let index = 0; index < 30; index += 1) await account.event('report.completed');
  await slow;
  await page.getByRole('link', { name: 'long.lasted' }).first().waitFor();
  await page.getByRole('link', { name: 'Older' }).click();
  await page.waitForURL(/live=1.*cursor=/);
});

test('a live list shows every row of a burst exactly once', async () => {
  const page = await read(server, { link: await account.link() });
  await page.goto('/dashboard/logs?kind=api_request&live=1');
  const before = await results(page).count();
  const reported = [...Array(70).keys()].map((index) => (
    { environment: 'test', method: 'GET', path: `/v1/burst/${index}`, status: 200 }));
  await account.post('/v1/request_logs', { request_logs: reported });
  await results(page).nth(before + 69).waitFor();
  const paths = (await results(page).locator('code').allInnerTexts()).filter((path) => path.includes('/burst/'));
  assert.equal(new Set(paths).size, 70);
  assert.equal(paths.length, 70);
  // The rows stay when the list is fetched again.
  await account.post('/v1/request_logs', { request_logs: [{ ...reported[0], path: '/v1/after' }] });
  await results(page).filter({ hasText: '/v1/after' }).waitFor();
  assert.equal(await results(page).count(), before + 71);
});

test('a live list reports an unreachable server and continues when it is back', async () => {
  const page = await read(server, { link: await account.link() });
  await page.goto('/dashboard/logs?live=1');
  await page.route('**/dashboard/logs?live=1', (route) => route.abort());
  await page.getByRole('alert').filter({ hasText: 'can\u2019t be reached' }).waitFor();
  await look(page, 'logs-lost');
  await page.unroute('**/dashboard/logs?live=1');
  await page.getByRole('alert').waitFor({ state: 'detached' });
  await page.context().clearCookies();
  await page.getByRole('heading', { name: 'Your session has ended' }).waitFor();
});

test('numbers and dates are formatted in the reader\u2019s language', async () => {
  const request = { environment: 'test', method: 'GET', path: '/v1/slow', status: 200, duration_ms: 12345 };
  await account.post('/v1/request_logs', { request_logs: [request] });
  for (const [locale, took] of [['en-GB', '12,345 ms'], ['de-DE', '12.345 ms']]) {
    const page = await read(server, { link: await account.link(), locale });
    await page.goto('/dashboard/logs?kind=api_request');
    const row = results(page).filter({ hasText: '/v1/slow' });
    await row.getByText(took).waitFor();
    const at = new Date(await row.locator('time').getAttribute('datetime'));
    const told = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'Europe/Berlin' });
    assert.equal(await row.locator('time').innerText(), told.format(at));
  }
});

test('a date filter is in the reader\u2019s time zone, and the same instant in every zone', async () => {
  const page = await read(server, { link: await account.link(), zone: 'Asia/Tokyo' });
  await page.goto('/dashboard/logs');
  await page.getByLabel('From (your time)').fill('2026-01-31T09:30');
  await page.getByRole('button', { name: 'Filter' }).click();
  await page.waitForURL((url) => url.searchParams.get('since') === '2026-01-31T00:30:00.000Z');
  assert.equal(await page.getByLabel('From (your time)').inputValue(), '2026-01-31T09:30');
  const address = page.url();
  const other = await read(server, { link: await account.link(), scripts: false });
  await other.goto(address);
  assert.equal(await other.getByLabel('From (UTC)').inputValue(), '2026-01-31T00:30');
});

test('times are in the reader\u2019s time zone, with UTC on hover', async () => {
  const page = await read(server, { link: await account.link(), zone: 'Asia/Tokyo' });
  await page.goto('/dashboard/logs');
  const time = results(page).first().locator('time[data-at]');
  const at = new Date(await time.getAttribute('datetime'));
  const told = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'Asia/Tokyo' });
  assert.equal(await time.innerText(), told.format(at));
  assert.equal(await time.getAttribute('title'), `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`);
});

test('the chart has its numbers in a table', async () => {
  const page = await read(server, { link: await account.link() });
  await page.goto('/dashboard/logs');
  await page.getByRole('img', { name: /attempts in the last 24 hours/ }).waitFor();
  await page.getByText('1 delivery waiting for a retry').waitFor();
  await page.getByText('As a table').click();
  const cells = await page.locator('.small tbody tr').first().getByRole('cell').allInnerTexts();
  assert.ok(Number(cells[1]) >= 30, `acknowledged: ${cells}`);
  await page.locator('.bars g').last().hover();
  const told = await page.locator('.told').innerText();
  // Early in an hour the estimate of its attempts is in the thousands, so numbers may have commas.
  assert.match(told, /^\d+ \w+ \d{4}, \d\d:00:00: [\d,]+ attempts; [\d,]+ acknowledged, [\d,]+ failed and tried again, [\d,]+ given up$/);
  await look(page, 'logs-table');
});

for (const [scripts, size] of [[true, 'desktop'], [false, 'phone']]) {
  test(`the history shows who changed which setting, with the values before and after (${size})`, async () => {
    const page = await read(server, { link: await account.link(), scripts, size });
    await page.goto(`/dashboard/webhooks/${good.id}`);
    await page.locator('#edit').getByLabel('Description').fill(`from ${size}`);
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('Changes saved.').waitFor();
    await page.getByRole('link', { name: 'Its history' }).click();
    const row = page.getByRole('row').filter({ hasText: 'Webhook changed' }).first();
    await row.getByText('Dashboard').waitFor();
    assert.equal(await row.locator('ins').innerText(), `from ${size}`);
    assert.equal(await row.locator('del').innerText(), scripts ? 'none' : 'from desktop');
    await look(page, `history-${size}`);
    const name = `Acme on ${size}`;
    await server.call('PATCH', `/v1/accounts/${account.id}`, { name, webhook_quota: scripts ? 11 : 12 });
    await page.goto('/dashboard/history');
    const changed = async (what) => {
      const row = page.getByRole('row').filter({ hasText: what }).first();
      return [await row.locator('del').innerText(), await row.locator('ins').innerText()];
    };
    const [before, quota] = scripts ? ['Acme Inc.', ['10', '11']] : ['Acme on desktop', ['11', '12']];
    assert.deepEqual(await changed('Account renamed'), [before, name]);
    assert.deepEqual(await changed('Webhook limit changed'), quota);
  });
}
