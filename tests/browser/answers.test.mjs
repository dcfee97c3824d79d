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

/** Asserts that the notice with `text` is focused, in view, and in the window's title. */
async function landed(page, text) {
  const notice = page.locator('#notice:focus');
  await notice.filter({ hasText: text }).waitFor();
  assert.ok((await page.title()).startsWith(text), await page.title());
  const { y } = await notice.boundingBox();
  assert.ok(y >= 0 && y < page.viewportSize().height / 2, `the notice stands at ${y}`);
}

for (const [scripts, size] of [[true, 'desktop'], [false, 'phone']]) {
  const how = `${size}, scripts ${scripts ? 'on' : 'off'}`;

  test(`creating, rolling, rotating and saving land on what was done (${how})`, async () => {
    const account = await server.openAccount('Acme Inc.');
    const page = await read(server, { link: await account.link(), scripts, size });
    await page.locator('#new > summary').click();
    await page.locator('#new').getByRole('button', { name: 'Create key' }).click();
    await landed(page, 'Key created.');
    const [old] = (await account.get('/v1/api_keys')).data;
    await page.goto(`/dashboard/keys/${old.id}`);
    await page.getByRole('button', { name: 'Roll key' }).click();
    await landed(page, 'Key rolled.');
    const [fresh] = (await account.get('/v1/api_keys')).data;
    const pair = page.locator('#pair');
    const told = await pair.innerText();
    assert.match(told, /Old.*Still works.*Ends.*Last used.*Never.*New.*Active/s);
    assert.ok(told.includes(old.redacted) && told.includes(fresh.redacted));
    await look(page, `key-rolled-${size}`);
    await pair.getByRole('link', { name: old.redacted }).click();
    await page.locator('#pair').getByText(fresh.redacted).waitFor();

    await page.goto('/dashboard/webhooks');
    const form = page.locator('#new');
    await form.getByLabel('URL').fill(`${receiver.url}/${size}`);
    await form.getByRole('button', { name: 'Add' }).click();
    await landed(page, 'Webhook created.');
    await page.getByRole('button', { name: 'Rotate secret' }).click();
    await landed(page, 'Signing secret rotated.');
    await page.locator('#edit').getByLabel('Description').fill('Billing');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await landed(page, 'Changes saved.');
    await page.getByText('Only some of it').click();
    await page.getByLabel('Of events created').selectOption('hour');
    await page.getByRole('button', { name: 'Retry these' }).click();
    await landed(page, 'There was nothing to retry.');
    await look(page, `webhook-landed-${size}`);
  });

  test(`a wrong form keeps its input, names every wrong field and focuses the first (${how})`, async () => {
    const account = await server.openAccount('Acme Inc.');
    const page = await read(server, { link: await account.link(), scripts, size });
    await page.goto('/dashboard/webhooks');
    const form = page.locator('#new');
    await form.getByLabel('URL').fill('example.com/hooks');
    await form.getByRole('radio', { name: 'Only some' }).check();
    await form.getByRole('button', { name: 'Add' }).click();
    await form.locator('#new-url-error').filter({ hasText: 'Use https://.' }).waitFor();
    await form.locator('#new-types-error').filter({ hasText: 'Choose at least one event type' }).waitFor();
    assert.equal(await form.getByRole('radio', { name: 'Only some' }).isChecked(), true);
    await page.locator('#new-url:focus').waitFor();
    assert.doesNotMatch(await form.innerText(), /event_types|webhook_url|invalid_field/);
    await look(page, `webhooks-wrong-${size}`);
    assert.equal((await account.get('/v1/webhooks')).count, 0);
  });

  test(`what can not be undone is asked for once more (${how})`, async () => {
    const account = await server.openAccount('Acme Inc.');
    const key = await account.key({ environment: 'live' });
    const page = await read(server, { link: await account.link(), scripts, size });
    await page.goto(`/dashboard/keys/${key.id}`);
    await page.locator('#roll').getByLabel('This key works for').selectOption('now');
    await page.getByRole('button', { name: 'Roll key' }).click();
    await page.getByText('a live key').waitFor();
    await page.getByText('It has never been used.').waitFor();
    assert.equal((await account.get('/v1/api_keys')).count, 1);
    // Enter that is pressed once more changes nothing.
    await page.locator('a:focus').filter({ hasText: 'Cancel' }).waitFor();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await landed(page, 'Key rolled.');
    assert.equal((await account.get(`/v1/api_keys/${key.id}`)).status, 'expired');
  });
}
