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

/** Posts an event, and waits until its only delivery was tried `times` times. */
async function tried(account, times) {
  const { id } = await account.event();
  await account.until(`/v1/events/${id}`, ({ deliveries }) => deliveries[0].attempts === times);
}

for (const [scripts, size] of [[true, 'desktop'], [false, 'phone']]) {
  const how = `${size}, scripts ${scripts ? 'on' : 'off'}`;

  test(`a webhook that fails says since when, how often, why and until when, on every page (${how})`, async () => {
    const account = await server.openAccount('Failing Inc.');
    const { id } = await account.webhook(`${receiver.url}/401/${size}`);
    await tried(account, 3);
    const page = await read(server, { link: await account.link(), scripts, size });
    const banner = page.getByRole('region', { name: 'Failing webhooks' });
    for (const path of ['keys', 'webhooks', 'logs', 'history']) {
      await page.goto(`/dashboard/${path}`);
      await banner.getByText('A webhook fails.').waitFor();
      await banner.getByText('It answers 401').waitFor();
    }
    await page.goto('/dashboard/webhooks');
    await page.getByRole('row').getByText('Failing', { exact: true }).waitFor();
    assert.equal(await page.getByText('Enabled', { exact: true }).count(), 0);
    await look(page, `webhooks-failing-${size}`);
    await banner.getByRole('link', { name: `/401/${size}` }).click();
    assert.ok(page.url().endsWith(id));
    const told = await page.getByRole('region', { name: 'Failing', exact: true }).innerText();
    assert.match(told, /Failing since \d.*All 3 attempts of the last 24 hours failed\. It answers 401: .*Check the signing secret/s);
    assert.match(told, /Unless something arrives, the webhook is disabled on \d/);
    const legend = page.locator('.legend');
    assert.match(await legend.innerText(), /Acknowledged\s+Failed, tried again\s+Given up/);
    await look(page, `webhook-failing-${size}`);
  });

  test(`a disabled webhook says what it has missed (${how})`, async () => {
    const account = await server.openAccount('Away Inc.');
    const { id } = await account.webhook(`${receiver.url}/away/${size}`);
    await server.call('PATCH', `/v1/webhooks/${id}`, { status: 'disabled' }, { account: account.id });
    const page = await read(server, { link: await account.link(), scripts, size });
    await page.goto(`/dashboard/webhooks/${id}`);
    await page.getByText('It has missed nothing yet.').waitFor();
    await account.event();
    await account.event();
    await page.reload();
    await page.getByText('It has missed 2 events. Enable it, then retry them.').waitFor();
    await look(page, `webhook-missed-${size}`);
  });

  test(`only what will be tried again is said to be (${how})`, async () => {
    const account = await server.openAccount('Retrying Inc.');
    const { id } = await account.webhook(`${receiver.url}/503/${size}`);
    await tried(account, 3);
    const page = await read(server, { link: await account.link(), scripts, size });
    await page.goto('/dashboard/logs');
    assert.equal(await page.locator('#rows tbody tr').count(), 3);
    const announced = page.locator('#rows [data-label="Result"]').filter({ hasText: 'retry in' });
    assert.equal(await announced.count(), 1);
    await server.call('PATCH', `/v1/webhooks/${id}`, { status: 'disabled' }, { account: account.id });
    await page.reload();
    assert.equal(await announced.count(), 0);
  });

  test(`a page offers what its session may do, and says who is signed in (${how})`, async () => {
    const account = await server.openAccount('Large Inc.');
    await account.key();
    const { id } = await account.webhook(`${receiver.url}/large/${size}`);
    const open = async (capabilities) => {
      const { url } = await account.post('/v1/portal_sessions', {
        capabilities,
        actor: { id: 'user_7', name: 'Grace Hopper', email: 'grace@example.com' },
        return_url: `${server.url}/healthz`,
      });
      const page = await read(server, { scripts, size });
      await page.goto(url);
      await page.getByRole('button', { name: 'Sign in' }).click();
      return page;
    };
    const keys = await open(['keys:read']);
    await keys.getByRole('heading', { name: 'API keys', level: 1 }).waitFor();
    await keys.getByText('Grace Hopper').waitFor();
    // A menu of one is left out.
    assert.deepEqual(await keys.locator('.menu a').allInnerTexts(), []);
    assert.equal(await keys.getByRole('button').filter({ hasNotText: 'Sign out' }).count(), 0);
    await look(keys, `keys-read-only-${size}`);
    await keys.getByRole('link', { name: 'CI' }).click();
    assert.equal(await keys.locator('#expire, #roll, [data-reveal]').count(), 0);
    await keys.goto(`/dashboard/webhooks/${id}`);
    await keys.getByText('Your session lacks the permission for it.').waitFor();
    await keys.goto('/dashboard/');
    await keys.getByRole('link', { name: 'Back to 127.0.0.1' }).click();
    assert.equal(new URL(keys.url()).pathname, '/healthz');

    const hooks = await open(['webhooks:read', 'logs:read']);
    await hooks.getByRole('heading', { name: 'Webhooks', level: 1 }).waitFor();
    assert.deepEqual(await hooks.locator('.menu a').allInnerTexts(), ['Webhooks', 'Logs', 'History']);
    assert.equal(await hooks.locator('#new').count(), 0);
    await hooks.goto(`/dashboard/webhooks/${id}`);
    await hooks.getByRole('heading', { name: 'Recent deliveries' }).waitFor();
    assert.equal(await hooks.locator('main form[method="post"]').count(), 0);
    await look(hooks, `webhook-read-only-${size}`);

    const none = await open([]);
    await none.getByRole('heading', { name: 'There is nothing here for you to see' }).waitFor();
  });
}
