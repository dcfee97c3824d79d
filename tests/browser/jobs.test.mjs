// The four jobs that people come for, each in three clicks, and the numbers that they rely on.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { closeBrowser, look, read } from './support/browser.mjs';
import { startReceiver } from './support/receiver.mjs';
import { startServer } from './support/server.mjs';

let server, receiver;
before(async () => {
  server = await startServer();
  receiver = await startReceiver();
});
after(async () => {
  await closeBrowser();
  await server.stop();
  await receiver.stop();
});

/** Returns a click that counts itself, and the number of clicks so far. */
function clicker() {
  const jobs = { clicks: 0, click: async (what) => { jobs.clicks += 1; await what.click(); } };
  return jobs;
}

for (const [scripts, size] of [[true, 'desktop'], [false, 'phone']]) {
  const how = `${size}, scripts ${scripts ? 'on' : 'off'}`;

  test(`where a report is, and why it did not arrive, is three clicks away (${how})`, async () => {
    const account = await server.openAccount('Seeking Inc.');
    await account.webhook(`${receiver.url}/404/sought/${size}`);
    await account.event('report.completed', { id: 'rep_sought' });
    await account.event('report.completed', { id: 'rep_other' });
    const page = await read(server, { link: await account.link(), scripts, size });
    const jobs = clicker();
    await jobs.click(page.getByRole('link', { name: 'Logs', exact: true }));
    const box = page.getByRole('searchbox', { name: 'Search both logs' });
    await box.fill('rep_sought');
    await jobs.click(page.getByRole('button', { name: 'Search' }));
    await page.waitForURL(/object_id=rep_sought/);
    for (const row of await page.locator('#rows tbody tr').all()) assert.match(await row.innerText(), /rep_sought/);
    await jobs.click(page.locator('#rows tbody tr').first().getByRole('link'));
    await page.getByText('The receiver answered 404, not a 2xx. Nothing is at that path. Check the URL.').waitFor();
    assert.equal(jobs.clicks, 3);
    await look(page, `job-find-${size}`);
  });

  test(`a mended receiver gets what it missed in three clicks (${how})`, async () => {
    const account = await server.openAccount('Mending Inc.');
    const { id } = await account.webhook(`${receiver.url}/503/mending/${size}`);
    const { id: event } = await account.event();
    await account.until(`/v1/events/${event}`, ({ deliveries }) => deliveries[0].attempts === 3);
    receiver.mend(`/503/mending/${size}`);
    const page = await read(server, { link: await account.link(), scripts, size });
    const jobs = clicker();
    // The banner leads there from any page.
    await jobs.click(page.getByRole('region', { name: 'Failing webhooks' }).getByRole('link'));
    await jobs.click(page.getByRole('button', { name: 'Retry everything that waits' }));
    await page.locator('#notice').filter({ hasText: '1 delivery is queued again.' }).waitFor();
    await account.until(`/v1/events/${event}`, ({ deliveries }) => deliveries[0].status === 'delivered');
    assert.ok(jobs.clicks <= 3);
    await page.goto(`/dashboard/webhooks/${id}`);
    assert.equal(await page.getByRole('region', { name: 'Failing', exact: true }).count(), 0);
  });

  test(`a key and a signing secret are each rotated in three clicks (${how})`, async () => {
    const account = await server.openAccount('Rotating Inc.');
    await account.key();
    await account.webhook(`${receiver.url}/rotating/${size}`);
    const page = await read(server, { link: await account.link(), scripts, size });
    const keys = clicker();
    await keys.click(page.getByRole('link', { name: 'Roll CI' }));
    await keys.click(page.getByRole('button', { name: 'Roll key' }));
    await page.locator('#notice').filter({ hasText: 'Key rolled.' }).waitFor();
    await page.locator('#pair').getByText('Still works').waitFor();
    const hooks = clicker();
    await hooks.click(page.getByRole('link', { name: 'Webhooks', exact: true }));
    await hooks.click(page.getByRole('link', { name: `/rotating/${size}` }));
    await hooks.click(page.getByRole('button', { name: 'Rotate secret' }));
    await page.locator('#notice').filter({ hasText: 'Signing secret rotated.' }).waitFor();
    assert.ok(keys.clicks <= 3 && hooks.clicks <= 3);
  });

  test(`the history names the person who did it (${how})`, async () => {
    const account = await server.openAccount('Staffed Inc.');
    const { id } = await account.webhook(`${receiver.url}/staffed/${size}`);
    const open = async (actor) => {
      const { url } = await account.post('/v1/portal_sessions', { actor });
      return read(server, { link: url, scripts, size });
    };
    const rename = async (page, description) => {
      await page.goto(`/dashboard/webhooks/${id}`);
      await page.locator('#edit').getByLabel('Description').fill(description);
      await page.getByRole('button', { name: 'Save changes' }).click();
      await page.getByText('Changes saved.').waitFor();
    };
    await rename(await open({ id: 'user_7', name: 'Grace Hopper', email: 'grace@example.com' }), 'by name');
    await rename(await open({ id: 'user_8', email: 'ada@example.com' }), 'by address');
    const page = await open({ id: 'user_9' });
    await rename(page, 'by id');
    await page.goto(`/dashboard/history?subject=${id}`);
    const who = async (description) => {
      const row = page.getByRole('row').filter({ has: page.locator('ins', { hasText: description }) });
      const told = await row.locator('[data-label="Who"]').innerText();
      assert.match(told, /Dashboard ps_/);
      return told.split('\n')[0];
    };
    assert.deepEqual(
      [await who('by name'), await who('by address'), await who('by id')],
      ['Grace Hopper', 'ada@example.com', 'user_9'],
    );
    await look(page, `history-people-${size}`);
  });
}

test('the page counts as many attempts as the log has, after a run with retries', async () => {
  const account = await server.openAccount('Counted Inc.');
  const good = await account.webhook(`${receiver.url}/counted/good`);
  const bad = await account.webhook(`${receiver.url}/503/counted/bad`, { event_types: ['report.completed'] });
  const events = [];
  for (let index = 0; index < 12; index += 1) events.push(await account.event(index % 2 ? 'report.completed' : 'report.created'));
  // Of each failed delivery there are the first attempt and two retries, a second apart.
  const settled = ({ deliveries }) => deliveries.every((one) => one.status === 'delivered' || one.attempts === 3);
  for (const { id } of events) await account.until(`/v1/events/${id}`, settled);
  const log = async (filter) => {
    const rows = [];
    for (let path = `/v1/logs?kind=webhook_delivery&per_page=10&${filter}`; path;) {
      const { data, next_href: next } = await account.get(path);
      rows.push(...data);
      path = next && new URL(next, server.url).pathname + new URL(next, server.url).search;
    }
    return rows;
  };
  const page = await read(server, { link: await account.link() });
  for (const [path, filter] of [
    ['/dashboard/logs', ''],
    [`/dashboard/webhooks/${good.id}`, `webhook_id=${good.id}`],
    [`/dashboard/webhooks/${bad.id}`, `webhook_id=${bad.id}`],
  ]) {
    const rows = await log(filter);
    const succeeded = rows.filter(({ status }) => status === 'succeeded').length;
    await page.goto(path);
    const share = Math.floor(succeeded * 100 / rows.length);
    await page.getByText(`${rows.length} attempts in the last 24 hours, ${share}% acknowledged`).first().waitFor();
    await page.getByText('As a table').click();
    const sum = async (column) => {
      const cells = await page.locator(`.small [data-label="${column}"]`).allInnerTexts();
      return cells.reduce((total, text) => total + Number(text), 0);
    };
    const [all, acknowledged, again, given] = await Promise.all(
      ['Attempts', 'Acknowledged', 'Failed, tried again', 'Given up'].map(sum),
    );
    assert.deepEqual([all, acknowledged, again + given], [rows.length, succeeded, rows.length - succeeded], path);
  }
  assert.equal((await log('')).length, 12 + 6 * 3);
});

test('what goes on after its answer is seen to go on, and how many there are in all', async () => {
  const account = await server.openAccount('Huge Inc.');
  const { id } = await account.webhook(`${receiver.url}/huge`);
  await server.call('PATCH', `/v1/webhooks/${id}`, { status: 'disabled' }, { account: account.id });
  const data = { object: { id: 'rep_1', object: 'report' } };
  const post = () => account.post('/v1/events', { type: 'report.completed', environment: 'test', data });
  for (let batch = 0; batch < 11; batch += 1) await Promise.all([...Array(100).keys()].map(post));
  await server.call('PATCH', `/v1/webhooks/${id}`, { status: 'enabled' }, { account: account.id });
  const page = await read(server, { link: await account.link() });
  await page.goto(`/dashboard/webhooks/${id}`);
  await page.getByRole('button', { name: 'Retry everything that waits' }).click();
  await page.getByText('At least these: 1,000 were missed while the webhook was disabled.').waitFor();
  await page.getByRole('button', { name: 'Retry them' }).click();
  const progress = page.locator('#progress');
  await progress.getByText('deliveries are still to be attempted.').waitFor();
  await look(page, 'webhook-retrying-on');
  // Whoever opens the page meanwhile sees it as well.
  const other = await read(server, { link: await account.link() });
  await other.goto(`/dashboard/webhooks/${id}`);
  await other.locator('#progress').getByText('deliveries are still to be attempted.').waitFor();
  await progress.locator('progress[max="1100"]').waitFor({ timeout: 30_000 });
});
