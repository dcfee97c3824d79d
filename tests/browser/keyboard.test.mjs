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
  await tabTo(page, 'webhook.ping');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Response' }).waitFor();
});
