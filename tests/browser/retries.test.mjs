import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { closeBrowser, look, read } from './support/browser.mjs';
import { startReceiver } from './support/receiver.mjs';
import { startServer } from './support/server.mjs';

let server, receiver;
before(async () => {
  server = await startServer({ LATCHHOOK_RETRY_SCHEDULE: '3x1h' });
  receiver = await startReceiver();
});
after(async () => {
  await closeBrowser();
  await server.stop();
  await receiver.stop();
});

/** Makes a webhook whose receiver fails `count` events, and mends it then. */
async function mended(account, path, count) {
  const { id } = await account.webhook(`${receiver.url}/503${path}`);
  const events = [];
  for (let index = 0; index < count; index += 1) events.push(await account.event());
  await server.call('PATCH', `/v1/webhooks/${id}`, { webhook_url: `${receiver.url}${path}` }, { account: account.id });
  return { id, events };
}

const delivered = ({ deliveries }) => deliveries[0].status === 'delivered';

for (const [scripts, size] of [[true, 'desktop'], [false, 'phone']]) {
  const how = `${size}, scripts ${scripts ? 'on' : 'off'}`;

  test(`everything that waits for a webhook is retried, and how far that is can be seen (${how})`, async () => {
    const account = await server.openAccount('Mended Inc.');
    const { id, events } = await mended(account, `/mended/${size}`, 4);
    const page = await read(server, { link: await account.link(), scripts, size });
    await page.goto(`/dashboard/webhooks/${id}`);
    await page.getByRole('button', { name: 'Retry everything that waits' }).click();
    await page.locator('#notice').filter({ hasText: '4 deliveries are queued again.' }).waitFor();
    for (const event of events) await account.until(`/v1/events/${event.id}`, delivered);
    if (!scripts) await page.reload();
    const progress = page.locator('#progress');
    await progress.getByText('Done').waitFor();
    assert.equal(await progress.locator('progress').getAttribute('value'), '4');
    await progress.getByText('Every delivery was attempted. Attempts to this webhook since: 4; acknowledged: 4.').waitFor();
    await look(page, `webhook-retried-${size}`);
    await page.goto(`/dashboard/webhooks/${id}`);
    assert.equal(await page.locator('#progress').count(), 0);
  });

  test(`only some of it is retried, and a wrong choice is told at its field (${how})`, async () => {
    const account = await server.openAccount('Some Inc.');
    const { id, events } = await mended(account, `/some/${size}`, 2);
    const page = await read(server, { link: await account.link(), scripts, size });
    await page.goto(`/dashboard/webhooks/${id}`);
    const retry = page.locator('#retry');
    await retry.getByText('Only some of it').click();
    for (const box of await retry.getByRole('checkbox').all()) await box.uncheck();
    await retry.getByLabel('Of events created').selectOption('date');
    await retry.getByRole('button', { name: 'Retry these' }).click();
    await page.locator('#retry-include-error').filter({ hasText: 'Choose at least one of them.' }).waitFor();
    await page.locator('#retry-since-error').filter({ hasText: 'Choose a date and a time.' }).waitFor();
    assert.equal(await retry.getByLabel('Of events created').inputValue(), 'date');
    await look(page, `webhook-retry-wrong-${size}`);
    await retry.getByLabel('were given up').check();
    await retry.getByLabel('Of events created').selectOption('hour');
    await retry.getByRole('button', { name: 'Retry these' }).click();
    await page.getByText('There was nothing to retry.').waitFor();
    await retry.getByText('Only some of it').click();
    await retry.getByLabel('Of events created').selectOption('hour');
    await retry.getByRole('button', { name: 'Retry these' }).click();
    await page.getByText('2 deliveries are queued again.').waitFor();
    for (const event of events) await account.until(`/v1/events/${event.id}`, delivered);
  });

  test(`what is ticked in the log is retried (${how})`, async () => {
    const account = await server.openAccount('Ticked Inc.');
    const { events } = await mended(account, `/ticked/${size}`, 3);
    const page = await read(server, { link: await account.link(), scripts, size });
    await page.goto('/dashboard/logs?status=failed');
    await page.getByRole('button', { name: 'Retry ticked' }).click();
    await page.getByRole('alert').filter({ hasText: 'Tick what is to be retried.' }).waitFor();
    assert.equal(await page.locator('#rows tbody tr').count(), 3);
    for (const event of events.slice(0, 2)) await page.getByLabel(`Retry report.completed, ${event.id}`).check();
    await look(page, `logs-ticked-${size}`);
    await page.getByRole('button', { name: 'Retry ticked' }).click();
    await page.locator('#notice').filter({ hasText: '2 more attempts are on the way.' }).waitFor();
    for (const event of events.slice(0, 2)) await account.until(`/v1/events/${event.id}`, delivered);
    if (!scripts) await page.reload();
    await page.locator('#rows tbody tr').nth(1).waitFor();
    assert.equal(await page.locator('#rows tbody tr').count(), 2);
    await look(page, `logs-retried-${size}`);
    assert.equal((await account.get(`/v1/events/${events[2].id}`)).deliveries[0].attempts, 1);
  });
}

test('many are asked for once more before they are retried', async () => {
  const account = await server.openAccount('Many Inc.');
  const { id } = await account.webhook(`${receiver.url}/503/many`);
  const data = { object: { id: 'rep_1', object: 'report' } };
  const post = () => account.post('/v1/events', { type: 'report.completed', environment: 'test', data });
  const events = await Promise.all([...Array(100).keys()].map(post));
  for (const event of events) await account.until(`/v1/events/${event.id}`, ({ deliveries }) => deliveries[0].attempts === 1);
  const page = await read(server, { link: await account.link() });
  await page.goto(`/dashboard/webhooks/${id}`);
  await page.getByRole('button', { name: 'Retry everything that waits' }).click();
  await page.getByRole('heading', { name: 'Retry all of them?' }).waitFor();
  await page.getByText('100 wait for another attempt.').waitFor();
  // Nothing is lost by it.
  assert.equal(await page.locator('button.danger').count(), 0);
  await look(page, 'webhook-retry-many');
  await page.getByRole('button', { name: 'Retry them' }).click();
  await page.locator('#notice').filter({ hasText: '100 deliveries are queued again.' }).waitFor();
  await page.locator('#progress').getByText(/still to be attempted|Every delivery was attempted/).waitFor();
  await look(page, 'webhook-retrying');
  await page.locator('#progress').getByText('Every delivery was attempted').waitFor({ timeout: 30_000 });
});
