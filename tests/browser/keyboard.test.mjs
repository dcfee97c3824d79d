import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { closeBrowser, look, read } from './support/browser.mjs';
import { startReceiver } from './support/receiver.mjs';
import { startServer } from './support/server.mjs';

let server, receiver, account;
before(async () => {
  server = await startServer();
  receiver = await startReceiver();
  account = await server.openAccount('Acme Inc.');
});
after(async () => {
  await closeBrowser();
  await server.stop();
  await receiver.stop();
});

/** Presses Tab until the element called `name` has the focus, which must be on this page. */
async function tabTo(page, name) {
  for (let steps = 0; steps < 80; steps += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      const label = element.labels?.[0]?.innerText ?? '';
      return `${element.getAttribute('aria-label') ?? ''}|${element.innerText ?? ''}|${label}`;
    });
    if (focused.includes(name)) {
      const seen = await page.evaluate(() => {
        const style = getComputedStyle(document.activeElement);
        return style.outlineStyle !== 'none' || style.boxShadow !== 'none';
      });
      assert.ok(seen, `${name} has the focus and does not show it`);
      return;
    }
  }
  assert.fail(`Tab never came to ${name}`);
}

test('by keyboard alone: a key is created and shown', async () => {
  const page = await read(server, { link: await account.link() });
  await tabTo(page, 'Skip to content');
  await page.keyboard.press('Enter');
  await tabTo(page, 'Create key');
  await page.keyboard.press('Enter');
  await tabTo(page, 'Name');
  await page.keyboard.type('By keyboard');
  await page.keyboard.press('Enter');
  await page.getByText('Key created.').waitFor();
  await tabTo(page, 'Show key');
  await look(page, 'keyboard-focus');
  await page.keyboard.press('Enter');
  await page.getByText(/lh_sk_test_[0-9A-Za-z]{38}/).waitFor();
  await page.keyboard.press('Space');
  await page.getByText('lh_sk_test_****').waitFor();
});

test('by keyboard alone: a webhook is added and tested', async () => {
  const page = await read(server, { link: await account.link() });
  await tabTo(page, 'Webhooks');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Configured webhooks' }).waitFor();
  await tabTo(page, 'URL');
  await page.keyboard.type(`${receiver.url}/keyboard`);
  await page.keyboard.press('Enter');
  await page.getByText('Webhook created.').waitFor();
  await tabTo(page, 'Send test event');
  await page.keyboard.press('Enter');
  await page.getByText('Delivered', { exact: true }).waitFor();
});

test('by keyboard alone: a log is filtered and a row opened', async () => {
  const page = await read(server, { link: await account.link() });
  await tabTo(page, 'Logs');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Logs', level: 1 }).waitFor();
  await tabTo(page, 'Status');
  await page.keyboard.type('succeeded');
  await page.keyboard.press('Enter');
  await page.waitForURL(/status=succeeded/);
  await tabTo(page, '|webhook.ping|');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Response' }).waitFor();
});

test('by keyboard alone: an object is found, why it failed is seen, and it is replayed', async () => {
  const jobs = await server.openAccount('Jobs Inc.');
  const { id } = await jobs.webhook(`${receiver.url}/404/jobs`);
  const event = await jobs.event('report.completed', { id: 'rep_sought' });
  const page = await read(server, { link: await jobs.link() });
  await tabTo(page, 'Logs');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Logs', level: 1 }).waitFor();
  await tabTo(page, 'Search both logs');
  await page.keyboard.type('rep_sought');
  await page.keyboard.press('Enter');
  await page.waitForURL(/object_id=rep_sought/);
  await tabTo(page, '|report.completed|');
  await page.keyboard.press('Enter');
  await page.getByText('The receiver answered 404, not a 2xx. Nothing is at that path.').waitFor();
  await tabTo(page, 'As cURL');
  await page.keyboard.press('Enter');
  await page.getByLabel('cURL command').waitFor();

  await server.call('PATCH', `/v1/webhooks/${id}`, { webhook_url: `${receiver.url}/jobs` }, { account: jobs.id });
  await page.goto('/dashboard/logs?status=failed');
  await tabTo(page, `Retry report.completed, ${event.id}`);
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await page.getByText('1 more attempt is on the way.').waitFor();
  await jobs.until(`/v1/events/${event.id}`, ({ deliveries }) => deliveries[0].status === 'delivered');
  await page.goto(`/dashboard/webhooks/${id}`);
  await tabTo(page, 'Retry everything that waits');
  await page.keyboard.press('Enter');
  await page.getByText('There was nothing to retry.').waitFor();
  await tabTo(page, 'Test another type');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Send a test event' }).waitFor();
  await tabTo(page, 'Send test event');
  await page.keyboard.press('Enter');
  await page.getByText('Test event sent.').waitFor();
});

test('by keyboard alone: a secret and a key are rotated, and both undone', async () => {
  const jobs = await server.openAccount('Rotating Inc.');
  const { id } = await jobs.webhook(`${receiver.url}/rotated`);
  const key = await jobs.key();
  const page = await read(server, { link: await jobs.link() });
  await page.goto(`/dashboard/webhooks/${id}`);
  await tabTo(page, 'Rotate secret');
  await page.keyboard.press('Enter');
  await page.getByText('Signing secret rotated.').waitFor();
  await tabTo(page, 'Undo the rotation');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Undo the rotation?' }).waitFor();
  // The focus is on Cancel; the answer stands before it.
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await page.getByText('Rotation undone.').waitFor();
  await page.goto(`/dashboard/keys/${key.id}`);
  await tabTo(page, 'Roll key');
  await page.keyboard.press('Enter');
  await page.getByText('Key rolled.').waitFor();
  await tabTo(page, 'Undo the roll');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Undo the roll?' }).waitFor();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await page.getByText('Roll undone.').waitFor();
});

test('by keyboard alone: a rotation is finished, and some of what waits is retried', async () => {
  const jobs = await server.openAccount('Finishing Inc.');
  const { id } = await jobs.webhook(`${receiver.url}/503/finished`);
  const event = await jobs.event();
  // Two retries follow at once; the next is an hour away.
  await jobs.until(`/v1/events/${event.id}`, ({ deliveries }) => deliveries[0].attempts === 3);
  receiver.mend('/503/finished');
  const page = await read(server, { link: await jobs.link() });
  await page.goto(`/dashboard/webhooks/${id}`);
  await tabTo(page, 'Rotate it; the old one signs as well for');
  await page.keyboard.press('ArrowDown');
  await tabTo(page, 'Rotate secret');
  await page.keyboard.press('Enter');
  await page.getByText('Signing secret rotated.').waitFor();
  await tabTo(page, 'Finish: only the new one signs');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Finish the rotation?' }).waitFor();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await page.getByText('Rotation finished.').waitFor();

  await tabTo(page, 'Only some of it');
  await page.keyboard.press('Enter');
  await tabTo(page, 'were given up');
  await page.keyboard.press('Space');
  await tabTo(page, 'Of events created');
  await page.keyboard.press('Home');
  await tabTo(page, 'Retry these');
  await page.keyboard.press('Enter');
  await page.getByText('1 delivery is queued again.').waitFor();
  await jobs.until(`/v1/events/${event.id}`, ({ deliveries }) => deliveries[0].status === 'delivered');
});

test('by keyboard alone: a test event of another type is chosen, changed and sent', async () => {
  const jobs = await server.openAccount('Testing Inc.');
  await server.call('PUT', '/v1/event_types/invoice.paid', { description: 'An invoice was paid.' });
  await server.call('PUT', '/v1/event_types/report.completed', {});
  const { id } = await jobs.webhook(`${receiver.url}/tested`, { include_object: true });
  const page = await read(server, { link: await jobs.link() });
  await page.goto(`/dashboard/webhooks/${id}/test`);
  await tabTo(page, 'Event type');
  await page.keyboard.type('invoice.paid');
  await tabTo(page, 'Show a sample');
  await page.keyboard.press('Enter');
  await page.waitForURL(/type=invoice\.paid/);
  await tabTo(page, 'Object of invoice.paid');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('{"id": "inv_1", "object": "invoice"}');
  await tabTo(page, 'Send test event');
  await page.keyboard.press('Enter');
  await page.getByText('Test event sent.').waitFor();
  const event = page.url().match(/evt_[0-9a-z]{26}/)[0];
  await jobs.until(`/v1/events/${event}`, ({ deliveries }) => deliveries[0].status === 'delivered');
  const arrived = receiver.received.find(({ headers }) => headers['webhook-id'] === event);
  assert.equal(JSON.parse(arrived.body).data.object.id, 'inv_1');
});
