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

const SECRET = /whsec_[0-9A-Za-z+/]{43}=/;

for (const [scripts, size] of [[true, 'desktop'], [false, 'phone']]) {
  const how = `${size}, scripts ${scripts ? 'on' : 'off'}`;
  const at = (path) => `${receiver.url}/${size}${path}`;

  test(`a webhook is added, tested, edited, switched off and on, and deleted (${how})`, async () => {
    const account = await server.openAccount('Acme Inc.');
    const page = await read(server, { link: await account.link(), scripts, size });
    await page.getByRole('link', { name: 'Webhooks' }).click();
    await look(page, `webhooks-empty-${size}`);
    const form = page.locator('#new');
    await form.getByLabel('URL').fill(at('/hooks'));
    await form.getByLabel('Include related object in payload').check();
    await form.getByRole('button', { name: 'Add' }).click();
    await page.getByText('Webhook created.').waitFor();
    assert.doesNotMatch(await page.content(), SECRET);
    const [{ id, include_object: included }] = (await account.get('/v1/webhooks')).data;
    assert.equal(included, true);
    await look(page, `webhook-new-${size}`);

    await page.getByRole('button', { name: 'Send test event' }).click();
    await page.getByText('Test event sent.').waitFor();
    const event = page.url().match(/evt_[0-9a-z]{26}/)[0];
    await account.until(`/v1/events/${event}`, ({ deliveries }) => deliveries[0].status === 'delivered');
    if (!scripts) await page.reload();
    await page.getByText('Delivered', { exact: true }).waitFor();
    await look(page, `event-delivered-${size}`);

    await page.goto(`/dashboard/webhooks/${id}`);
    await look(page, `webhook-${size}`);
    await page.getByRole('button', { name: 'Show signing secret' }).click();
    await page.getByText(SECRET).waitFor();
    const shown = (await page.content()).match(SECRET)[0];
    assert.equal((await account.post(`/v1/webhooks/${id}/reveal_secret`)).signing_secret, shown);
    await look(page, `webhook-secret-${size}`);

    await page.goto(`/dashboard/webhooks/${id}`);
    await page.getByLabel('Rotate it; the old one signs as well for').selectOption('3600');
    await page.getByRole('button', { name: 'Rotate secret' }).click();
    await page.getByText('Signing secret rotated.').waitFor();
    assert.notEqual((await account.post(`/v1/webhooks/${id}/reveal_secret`)).signing_secret, shown);
    await page.getByLabel('Rotate it; the old one signs as well for').selectOption('0');
    await page.getByRole('button', { name: 'Rotate secret' }).click();
    await page.getByRole('button', { name: 'Rotate it now' }).click();
    await page.getByText('The one before it no longer signs.').waitFor();

    const edit = page.locator('#edit');
    await edit.getByRole('radio', { name: 'Only some' }).check();
    await edit.getByRole('textbox', { name: 'Event types' }).fill('report.*, invoice.paid');
    await edit.getByLabel('Description').fill('Billing');
    await edit.getByLabel('Include related object in payload').uncheck();
    await edit.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('Changes saved.').waitFor();
    const edited = await account.get(`/v1/webhooks/${id}`);
    assert.deepEqual(
      [edited.event_types, edited.description, edited.include_object, edited.webhook_url],
      [['report.*', 'invoice.paid'], 'Billing', false, at('/hooks')],
    );

    await page.getByRole('button', { name: 'Disable' }).click();
    await page.getByRole('heading', { name: 'Disable this webhook?' }).waitFor();
    await look(page, `webhook-disable-${size}`);
    await page.getByRole('button', { name: 'Disable it' }).click();
    await page.getByText('Deliveries are off.').waitFor();
    await look(page, `webhook-disabled-${size}`);
    await account.event();
    await page.getByRole('button', { name: 'Enable' }).click();
    await page.getByText('Deliveries are on.').waitFor();
    await page.getByRole('button', { name: 'Retry everything that waits' }).click();
    await page.getByText('1 delivery is queued again.').waitFor();
    await look(page, `webhook-recovered-${size}`);

    await page.locator('#delete > summary').click();
    await page.locator('#delete').getByLabel('URL').fill('something else');
    await page.locator('#delete').getByRole('button', { name: 'Delete webhook' }).click();
    await page.locator('#confirm-error').waitFor();
    await look(page, `webhook-delete-${size}`);
    await page.locator('#delete').getByLabel('URL').fill(at('/hooks'));
    await page.locator('#delete').getByRole('button', { name: 'Delete webhook' }).click();
    await page.getByText('Webhook deleted.').waitFor();
    assert.equal((await account.get('/v1/webhooks')).count, 0);
  });

  test(`every error is shown at its field, and the form keeps its input (${how})`, async () => {
    const account = await server.openAccount('Acme Inc.', { quota: 1 });
    const page = await read(server, { link: await account.link(), scripts, size });
    await page.goto('/dashboard/webhooks');
    const form = page.locator('#new');
    const refused = async (url, field, told) => {
      await form.getByLabel('URL').fill(url);
      await form.getByRole('button', { name: 'Add' }).click();
      await form.locator(`#new-${field}-error`).filter({ hasText: told }).waitFor();
      assert.equal(await form.getByLabel('URL').inputValue(), url);
    };
    await refused('ftp://example.com/', 'url', 'Use https://.');
    await refused('https://10.1.2.3/', 'url', 'reachable from the public internet');
    await refused('sns://key:secret@nowhere/1/topic', 'url', 'sns://<key_id>');
    await form.getByRole('radio', { name: 'Only some' }).check();
    await refused(at('/refused'), 'types', 'Choose at least one event type');
    assert.equal(await form.getByRole('radio', { name: 'Only some' }).isChecked(), true);
    await form.getByRole('radio', { name: 'All events' }).check();
    await account.webhook(at('/taken'));
    await refused(at('/taken'), 'url', 'Url has already been taken.');
    await refused(at('/more'), 'url', 'Quota limit exceeded: the limit of this account is 1 in each');
    await look(page, `webhooks-refused-${size}`);
    assert.equal((await account.get('/v1/webhooks')).count, 1);
  });
}

test('credentials in a URL are masked, and kept when the form is saved with them masked', async () => {
  const account = await server.openAccount('Acme Inc.');
  const url = receiver.url.replace('//', '//user:hunter2@');
  const { id } = await account.webhook(`${url}/masked`);
  const page = await read(server, { link: await account.link() });
  await page.goto(`/dashboard/webhooks/${id}`);
  assert.ok(!(await page.content()).includes('hunter2'));
  await page.locator('#edit').getByLabel('Description').fill('kept');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Changes saved.').waitFor();
  await page.getByRole('button', { name: 'Send test event' }).click();
  await page.getByText('Delivered', { exact: true }).waitFor();
  const arrived = receiver.received.find((request) => request.url === '/masked');
  assert.equal(arrived.headers.authorization, `Basic ${Buffer.from('user:hunter2').toString('base64')}`);
});

test('registered event types can be chosen in groups and filtered', async () => {
  for (const name of ['report.completed', 'report.created', 'invoice.paid']) {
    await server.call('PUT', `/v1/event_types/${name}`, { description: `What ${name} means` });
  }
  const account = await server.openAccount('Acme Inc.');
  const page = await read(server, { link: await account.link() });
  await page.goto('/dashboard/webhooks');
  const form = page.locator('#new');
  await form.getByLabel('URL').fill(`${receiver.url}/types`);
  await form.getByRole('radio', { name: 'Only some' }).check();
  await form.getByLabel('Filter event types').fill('invoice');
  assert.equal(await form.getByRole('checkbox', { name: 'report.created' }).isVisible(), false);
  await form.getByRole('checkbox', { name: 'invoice.paid' }).check();
  await form.getByLabel('Filter event types').fill('');
  await form.getByRole('checkbox', { name: 'report.*' }).check();
  await look(page, 'webhooks-types');
  await form.getByRole('button', { name: 'Add' }).click();
  await page.getByText('Webhook created.').waitFor();
  const [{ event_types: types }] = (await account.get('/v1/webhooks')).data;
  assert.deepEqual(types, ['invoice.paid', 'report.*']);
  for (const name of ['report.completed', 'report.created', 'invoice.paid']) {
    await server.call('DELETE', `/v1/event_types/${name}`);
  }
});

test('a failing delivery shows its attempts, and when the next ones are due', async () => {
  const account = await server.openAccount('Acme Inc.');
  await account.webhook(`${receiver.url}/503/failing`);
  const event = await account.event();
  const retried = ({ deliveries }) => deliveries[0].attempts === 3;
  await account.until(`/v1/events/${event.id}`, retried);
  const page = await read(server, { link: await account.link() });
  await page.goto(`/dashboard/events/${event.id}`);
  await page.getByText('Retrying').waitFor();
  assert.equal(await page.getByRole('link', { name: /Attempt \d/ }).count(), 3);
  await page.getByText('Next attempt', { exact: true }).waitFor();
  assert.equal(await page.locator('.coming').count(), 3, '2x1s,3x1h: three are to come');
  await look(page, 'event-retrying');
  await page.getByRole('button', { name: 'Send again now' }).click();
  await page.getByText('One more attempt is on its way.').waitFor();
  await page.getByRole('link', { name: 'Attempt 4' }).waitFor();
});

for (const scripts of [true, false]) {
  test(`the next attempt of a test event is sent now, by keyboard (scripts ${scripts ? 'on' : 'off'})`, async () => {
    const account = await server.openAccount('Acme Inc.');
    await account.webhook(`${receiver.url}/503/advanced`);
    const event = await account.event();
    // 2x1s,3x1h: the fourth attempt would be in an hour.
    await account.until(`/v1/events/${event.id}`, ({ deliveries }) => deliveries[0].attempts === 3);
    const page = await read(server, { link: await account.link(), scripts });
    await page.goto(`/dashboard/events/${event.id}`);
    await page.getByRole('button', { name: 'Send the next attempt now' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('The next attempt is made now.').waitFor();
    const { deliveries: [delivery] } = await account.until(`/v1/events/${event.id}`, ({ deliveries }) => deliveries[0].attempts === 4);
    assert.equal(delivery.status, 'retrying');
    await page.goto(`/dashboard/events/${event.id}`);
    await page.getByRole('link', { name: 'Attempt 4' }).waitFor();
    assert.equal(await page.locator('.coming').count(), 2, 'two are left of the schedule');
  });
}
