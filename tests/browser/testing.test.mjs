import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { closeBrowser, look, read } from './support/browser.mjs';
import { startReceiver } from './support/receiver.mjs';
import { startServer } from './support/server.mjs';

let server, receiver;
const SCHEMA = {
  type: 'object',
  required: ['status'],
  properties: { status: { enum: ['clear', 'consider'] }, score: { type: 'integer', minimum: 300 } },
};
before(async () => {
  server = await startServer({ LATCHHOOK_RETRY_SCHEDULE: '2x1h' });
  receiver = await startReceiver();
  await server.call('PUT', '/v1/event_types/report.completed', { schema: SCHEMA });
  await server.call('PUT', '/v1/event_types/report.created', {});
  await server.call('PUT', '/v1/event_types/invoice.paid', { description: 'An invoice was paid.' });
});
after(async () => {
  await closeBrowser();
  await server.stop();
  await receiver.stop();
});

for (const [scripts, size] of [[true, 'desktop'], [false, 'phone']]) {
  const how = `${size}, scripts ${scripts ? 'on' : 'off'}`;

  test(`a test event of any type has a sample made from its schema or the last real event (${how})`, async () => {
    const account = await server.openAccount('Acme Inc.');
    const { id } = await account.webhook(`${receiver.url}/${size}`, { event_types: ['invoice.paid'], include_object: true });
    const page = await read(server, { link: await account.link(), scripts, size });
    await page.goto(`/dashboard/webhooks/${id}`);
    await page.getByRole('link', { name: 'Test another type' }).click();
    const type = page.getByLabel('Event type');
    assert.equal(await type.inputValue(), 'invoice.paid');
    await page.getByText('No event of this type and no schema is known.').waitFor();
    await type.selectOption('report.completed');
    await page.getByRole('button', { name: 'Show a sample' }).click();
    await page.getByText('Made from the schema of this type.').waitFor();
    const object = page.getByRole('textbox', { name: 'Object of report.completed' });
    assert.deepEqual(JSON.parse(await object.inputValue()), { id: 'report_test', object: 'report', score: 300, status: 'clear' });
    await look(page, `webhook-test-${size}`);

    await object.fill('{"id": }');
    await page.getByRole('button', { name: 'Send test event' }).click();
    await page.locator('#test-object-error').filter({ hasText: 'This is no JSON from line 1, column 8 on.' }).waitFor();
    await object.fill('{"id": "rep_9", "object": "report", "status": "odd"}');
    await page.getByRole('button', { name: 'Send test event' }).click();
    const error = page.locator('#test-object-error').filter({ hasText: 'breaks the schema' });
    await error.waitFor();
    assert.doesNotMatch(await error.innerText(), /data\.object/);
    await look(page, `webhook-test-wrong-${size}`);
    await object.fill('{"id": "rep_9", "object": "report", "status": "clear", "score": 812.50}');
    await page.getByRole('button', { name: 'Send test event' }).click();
    await page.locator('#test-object-error').waitFor();
    await object.fill('{"id": "rep_9", "object": "report", "status": "clear", "score": 812}');
    await page.getByRole('button', { name: 'Send test event' }).click();
    await page.getByText('Test event sent.').waitFor();
    const event = page.url().match(/evt_[0-9a-z]{26}/)[0];
    await account.until(`/v1/events/${event}`, ({ deliveries }) => deliveries[0].status === 'delivered');
    const arrived = receiver.received.find(({ url, headers }) => url === `/${size}` && headers['webhook-id'] === event);
    const body = JSON.parse(arrived.body);
    assert.deepEqual([body.type, body.data.object.score], ['report.completed', 812]);

    await account.event('report.created', { id: 'rep_7', note: 'real' });
    await page.goto(`/dashboard/webhooks/${id}/test?type=report.created`);
    await page.getByText('The object of the last event of this type, of').waitFor();
    assert.equal(JSON.parse(await page.getByRole('textbox', { name: 'Object of report.created' }).inputValue()).note, 'real');
  });

  test(`a test event is not retried for a day (${how})`, async () => {
    const account = await server.openAccount('Acme Inc.');
    const { id } = await account.webhook(`${receiver.url}/503/${size}`);
    const page = await read(server, { link: await account.link(), scripts, size });
    await page.goto(`/dashboard/webhooks/${id}`);
    await page.getByRole('button', { name: 'Send test event' }).click();
    await page.getByText('Test event sent.').waitFor();
    const event = page.url().match(/evt_[0-9a-z]{26}/)[0];
    await account.until(`/v1/events/${event}`, ({ deliveries }) => deliveries[0].status === 'exhausted');
    if (!scripts) await page.reload();
    await page.getByText('Exhausted').waitFor();
    assert.equal(await page.locator('.coming').count(), 0);
  });

  test(`chosen event types stand as chips, and a group brings its members (${how})`, async () => {
    const account = await server.openAccount('Acme Inc.');
    const { id } = await account.webhook(`${receiver.url}/picked/${size}`, { event_types: ['invoice.paid', 'candidate.*'] });
    const page = await read(server, { link: await account.link(), scripts, size });
    await page.goto(`/dashboard/webhooks/${id}`);
    const edit = page.locator('#edit');
    const chips = edit.getByRole('list', { name: 'Chosen event types' });
    const chosen = async () => (await chips.locator('code').allInnerTexts()).sort();
    assert.deepEqual(await chosen(), ['candidate.*', 'invoice.paid']);
    await edit.getByRole('checkbox', { name: 'report.*' }).check();
    if (scripts) {
      assert.deepEqual(await chosen(), ['candidate.*', 'invoice.paid', 'report.*']);
      const member = edit.getByRole('checkbox', { name: 'report.created' });
      assert.deepEqual([await member.isChecked(), await member.isDisabled()], [true, true]);
      await edit.getByLabel('Filter event types').fill('invoice');
      assert.equal(await edit.getByRole('checkbox', { name: 'report.*' }).isVisible(), false);
      await edit.getByLabel('Filter event types').fill('');
      // By keyboard: a chip is removed, and the focus goes to the next.
      await chips.getByRole('button', { name: 'Remove invoice.paid' }).focus();
      await page.keyboard.press('Enter');
      assert.equal(await page.evaluate('document.activeElement.getAttribute("aria-label")'), 'Remove report.*');
      assert.equal(await edit.getByRole('checkbox', { name: 'invoice.paid' }).isChecked(), false);
    } else {
      await edit.getByRole('checkbox', { name: 'invoice.paid' }).uncheck();
      await edit.getByRole('checkbox', { name: 'report.created' }).check();
    }
    await look(page, `webhook-picker-${size}`);
    await edit.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('Changes saved.').waitFor();
    assert.deepEqual((await account.get(`/v1/webhooks/${id}`)).event_types, ['report.*', 'candidate.*']);
    assert.deepEqual(await chosen(), ['candidate.*', 'report.*']);
  });
}
