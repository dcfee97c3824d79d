import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { becomeOperator, closeBrowser, look, read } from './support/browser.mjs';
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

async function operator(options) {
  const page = await read(server, options);
  await becomeOperator(page, server);
  return page;
}

for (const [scripts, size, scheme] of [[true, 'desktop', 'light'], [false, 'phone', 'dark']]) {
  test(`an operational webhook is added, tells, is changed, rotated and deleted (${size}, scripts ${scripts ? 'on' : 'off'})`, async () => {
    const page = await operator({ scripts, size, scheme });
    await page.getByRole('link', { name: 'Webhooks', exact: true }).click();
    await page.getByText('There is none.').waitFor();
    await look(page, `operator-webhooks-empty-${size}`);
    await page.locator('#new > summary').click();
    const form = page.locator('#new');
    const url = `${receiver.url}/operations-${size}`;
    await form.getByLabel('URL').fill('http://10.0.0.1/hooks');
    await form.getByLabel('Description').fill('Tickets');
    await form.getByRole('button', { name: 'Add a webhook' }).click();
    await page.locator('#w-types-error').waitFor();
    await form.getByLabel(/^account\.created/).check();
    await form.getByLabel(/^api_key\.created/).check();
    await form.getByRole('button', { name: 'Add a webhook' }).click();
    await page.locator('#w-url-error').waitFor();
    await look(page, `operator-webhooks-refused-${size}`);
    assert.equal(await form.getByLabel(/^account\.created/).isChecked(), true);
    await form.getByLabel('URL').fill(url);
    await form.getByRole('button', { name: 'Add a webhook' }).click();
    await page.getByRole('heading', { name: 'Signing secret' }).waitFor();
    const first = await page.locator('code.secret').innerText();
    assert.match(first, /^whsec_/);
    await look(page, `operator-webhook-secret-${size}`);
    await page.getByRole('link', { name: 'I have copied it' }).click();
    await page.getByText('No attempts yet.').waitFor();
    const id = page.url().match(/wh_[0-9a-z]{26}/)[0];
    const hook = () => server.call('GET', `/v1/operator_webhooks/${id}`);
    const made = await hook();
    assert.deepEqual([made.webhook_url, made.event_types, made.description], [url, ['api_key.created', 'account.created'], 'Tickets']);

    await server.openAccount(`Told of on ${size}`);
    const own = { account: 'acct_00000000000000000000000000' };
    await server.until(`/v1/logs?webhook_id=${id}`, ({ data }) => data.length === 1, own);
    await page.reload();
    await page.locator('#recent').getByText('account.created').waitFor();

    await page.locator('#secret').getByRole('button', { name: 'Show signing secret' }).click();
    await page.getByText(first).waitFor();
    await page.goto(`/operator/webhooks/${id}`);
    await page.locator('#edit').getByLabel(/^account\.created/).uncheck();
    await page.locator('#edit').getByLabel(/^webhook\.failing/).check();
    await page.locator('#edit').getByLabel('URL').fill(`${url}-moved`);
    await page.locator('#edit').getByLabel('Description').fill('');
    await page.locator('#edit').getByLabel('Status').selectOption('disabled');
    await page.locator('#edit').getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('Changes saved.').waitFor();
    const changed = await hook();
    assert.deepEqual(
      [changed.webhook_url, changed.event_types, changed.description, changed.status],
      [`${url}-moved`, ['webhook.failing', 'api_key.created'], null, 'disabled'],
    );
    await look(page, `operator-webhook-own-${size}`);

    await page.locator('#secret').getByRole('button', { name: 'Rotate secret' }).click();
    await page.getByRole('heading', { name: 'Signing secret' }).waitFor();
    const second = await page.locator('code.secret').innerText();
    assert.notEqual(second, first);
    await page.getByRole('link', { name: 'I have copied it' }).click();
    // Without an overlap it is asked for once more.
    await page.locator('#overlap').selectOption('0');
    await page.locator('#secret').getByRole('button', { name: 'Rotate secret' }).click();
    await page.getByRole('heading', { name: 'Rotate the secret without an overlap?' }).waitFor();
    await look(page, `operator-webhook-rotate-now-${size}`);
    await page.getByRole('button', { name: 'Rotate it now' }).click();
    await page.getByRole('heading', { name: 'Signing secret' }).waitFor();
    assert.notEqual(await page.locator('code.secret').innerText(), second);
    await page.getByRole('link', { name: 'I have copied it' }).click();

    await page.locator('#delete > summary').click();
    await page.locator('#delete').getByLabel('URL').fill(url);
    await page.locator('#delete').getByRole('button', { name: 'Delete webhook' }).click();
    await page.locator('#confirm-error').waitFor();
    await look(page, `operator-webhook-delete-${size}`);
    await page.locator('#delete').getByLabel('URL').fill(`${url}-moved`);
    await page.locator('#delete').getByRole('button', { name: 'Delete webhook' }).click();
    await page.getByText('Webhook deleted.').waitFor();
    await page.getByText('There is none.').waitFor();
  });
}

test('operational webhooks are listed with what fails, five are the most, and they are of whoever writes tokens', async () => {
  const made = [];
  for (const path of ['/500/operations', '/one', '/two', '/three', '/four']) {
    made.push(await server.call('POST', '/v1/operator_webhooks', { webhook_url: receiver.url + path, event_types: ['account.created', 'webhook.*'] }));
  }
  const page = await operator({});
  await page.goto('/operator/webhooks');
  await page.getByText('There are 5, and there can be no more.').waitFor();
  assert.equal(await page.locator('#new').count(), 0);
  await server.openAccount('Told of');
  const own = { account: 'acct_00000000000000000000000000' };
  await server.until(`/v1/logs?webhook_id=${made[0].id}&status=failed`, ({ data }) => data.length > 0, own);
  for (const [size, scheme] of [['desktop', 'dark'], ['phone', 'light']]) {
    const seen = await operator({ size, scheme });
    await seen.goto('/operator/webhooks');
    const rows = seen.locator('tbody tr');
    assert.equal(await rows.count(), 5);
    await rows.filter({ hasText: '/500/operations' }).getByText('Failing', { exact: true }).waitFor();
    assert.equal(await rows.getByText('Failing', { exact: true }).count(), 1);
    await look(seen, `operator-webhooks-${size}-${scheme}`);
    await seen.goto('/operator/health');
    await seen.locator('.failing').getByRole('link', { name: '/500/operations' }).click();
    await seen.waitForURL(`**/operator/webhooks/${made[0].id}`);
    await seen.getByText('It answers 500: it fails by itself.').waitFor();
    // What only the API offers stays as it is.
    assert.equal(await seen.getByLabel(/^webhook\.\*/).isChecked(), true);
    await look(seen, `operator-webhook-failing-${size}-${scheme}`);
  }

  // A form of before the fifth was made.
  const late = await operator({});
  await server.call('DELETE', `/v1/operator_webhooks/${made[4].id}`);
  await late.goto('/operator/webhooks');
  await late.locator('#new > summary').click();
  await late.locator('#new').getByLabel('URL').fill(`${receiver.url}/five`);
  await late.locator('#new').getByLabel(/^\*/).check();
  made[4] = await server.call('POST', '/v1/operator_webhooks', { webhook_url: `${receiver.url}/four` });
  await late.locator('#new').getByRole('button', { name: 'Add a webhook' }).click();
  await late.getByRole('alert').getByText('There are 5, and there can be no more.').waitFor();

  const signIn = async (scopes) => {
    const { token } = await server.call('POST', '/v1/operator_tokens', { name: scopes[0], scopes });
    const other = await read(server, {});
    await other.goto('/operator');
    await other.getByLabel('Operator token').fill(token);
    await other.getByRole('button', { name: 'Sign in' }).click();
    await other.getByRole('button', { name: 'Sign out' }).waitFor();
    return other;
  };
  const reader = await signIn(['accounts:read', 'webhooks:read', 'logs:read']);
  assert.equal(await reader.getByRole('link', { name: 'Webhooks', exact: true }).count(), 0);
  for (const path of ['/operator/webhooks', `/operator/webhooks/${made[0].id}`]) {
    assert.equal((await reader.goto(path)).status(), 403, path);
    await reader.getByRole('heading', { name: 'You may not do this' }).waitFor();
  }
  const writer = await signIn(['operator_tokens:write']);
  await writer.goto(`/operator/webhooks/${made[0].id}`);
  await writer.getByText('Only a token with secrets:reveal shows it again.').waitFor();
  await writer.getByText('Only a token with webhooks:write rotates it.').waitFor();
  assert.equal(await writer.locator('#recent').count(), 0);
  await look(writer, 'operator-webhook-limited');
  for (const { id } of made) await server.call('DELETE', `/v1/operator_webhooks/${id}`);
});
