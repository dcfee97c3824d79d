// A customer finds out what was meant for a webhook and never came.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';

import { closeBrowser, look, read, unfold } from './support/browser.mjs';
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

/** An account with a webhook that got the second of two events. */
async function halfServed(name) {
  const account = await server.openAccount(name);
  const path = `/503/${name.replaceAll(' ', '-')}`;
  const webhook = await account.webhook(receiver.url + path);
  const lost = await account.event('report.completed', { id: 'rep_lost' });
  await account.until(`/v1/events/${lost.id}`, ({ deliveries }) => deliveries[0].attempts === 3);
  receiver.mend(path);
  const got = await account.event('report.completed', { id: 'rep_got' });
  return { account, webhook, ids: [lost.id, got.id] };
}

for (const [scripts, size, scheme] of [[true, 'desktop', 'light'], [false, 'phone', 'dark'], [true, 'phone', 'dark']]) {
  const how = `${size}, scripts ${scripts ? 'on' : 'off'}`;

  test(`a webhook says how many events were meant for it, and lists those that never came (${how})`, async () => {
    const { account, webhook, ids } = await halfServed(`Counting ${size} ${scripts}`);
    const page = await read(server, { link: await account.link(), scripts, size, scheme });
    await page.goto(`/dashboard/webhooks/${webhook.id}`);
    const card = page.locator('#statement');
    // A script counts once the card comes into view; without one its form does.
    if (scripts) await card.scrollIntoViewIfNeeded();
    else await card.getByRole('button', { name: 'Count' }).click();
    await card.getByText('Events that were meant for it: 2. Not acknowledged: 1.').waitFor();
    assert.deepEqual(await card.locator('dt').allInnerTexts(), ['Delivered', 'Retrying']);
    assert.equal(await card.locator('details').getAttribute('open'), null);
    await card.locator('summary').click();
    const digest = createHash('sha256').update(ids.sort().map((id) => `${id}\n`).join('')).digest('hex');
    await card.getByText(`sha256:${digest}`).waitFor();
    await look(page, `statement-${size}-${scripts}`);
    await card.getByRole('combobox').selectOption('week');
    await card.getByRole('button', { name: 'Count' }).click();
    await page.waitForURL('**?statement=week#statement');
    await card.getByText('Events that were meant for it: 2.').waitFor();
    assert.equal(await card.getByRole('combobox').inputValue(), 'week');
    await card.locator('dd').nth(1).getByRole('link').click();
    const rows = page.locator('#rows tbody tr');
    await rows.getByText('rep_lost').waitFor();
    assert.equal(await rows.count(), 1);
    await rows.getByText('Retrying').waitFor();
    await look(page, `events-${size}-${scripts}`);
    await unfold(page);
    await page.getByLabel('Status').selectOption('delivered');
    await page.getByRole('button', { name: 'Filter' }).click();
    await rows.getByText('rep_got').waitFor();
    await rows.getByRole('link', { name: 'report.completed' }).click();
    await page.getByRole('heading', { name: 'report.completed', level: 1 }).waitFor();
  });
}

test('events stand beside the logs, and a wrong filter is told at its field', async () => {
  const { account } = await halfServed('Listing');
  const page = await read(server, { link: await account.link() });
  await page.goto('/dashboard/logs');
  await page.getByRole('navigation', { name: 'Which log' }).getByRole('link', { name: 'Events' }).click();
  const rows = page.locator('#rows tbody tr');
  await rows.first().waitFor();
  assert.equal(await rows.count(), 2);
  await page.getByLabel('Event type').fill('Not a type!');
  await page.getByRole('button', { name: 'Filter' }).click();
  await page.locator('#e-type:focus').waitFor();
  await page.getByText('Something above is not right, so nothing was looked for.').waitFor();
  await look(page, 'events-wrong');
  await page.goto('/dashboard/events?status=cancelled');
  await page.getByText('Nothing passes these filters.').waitFor();
});

test('whoever may not see events sees their numbers alone', async () => {
  const { account, webhook } = await halfServed('Limited');
  const { url } = await account.post('/v1/portal_sessions', { capabilities: ['webhooks:read'] });
  const page = await read(server);
  await page.goto(url);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.goto(`/dashboard/webhooks/${webhook.id}?statement=day`);
  const card = page.locator('#statement');
  await card.getByText('Not acknowledged: 1.').waitFor();
  assert.equal(await card.getByRole('link').count(), 0);
  assert.equal((await page.goto('/dashboard/events')).status(), 403);
});

test('a statement that does not come leaves the form that asks for it', async () => {
  const { account, webhook } = await halfServed('Slow');
  const page = await read(server, { link: await account.link() });
  const asked = new Promise((ask) => {
    page.route('**/*statement=day', (route) => ask(route.fulfill({ status: 503 })));
  });
  await page.goto(`/dashboard/webhooks/${webhook.id}`);
  const card = page.locator('#statement');
  await card.scrollIntoViewIfNeeded();
  await asked;
  await page.unroute('**/*statement=day');
  await card.getByRole('button', { name: 'Count' }).click();
  await card.getByText('Not acknowledged: 1.').waitFor();
});
