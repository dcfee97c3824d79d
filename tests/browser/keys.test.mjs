import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { closeBrowser, look, read } from './support/browser.mjs';
import { startServer } from './support/server.mjs';

let server;
before(async () => { server = await startServer(); });
after(async () => {
  await closeBrowser();
  await server.stop();
});

const KEY = /lh_[sp]k_(test|live)_[0-9A-Za-z]{38}/;

for (const [scripts, size] of [[true, 'desktop'], [false, 'phone']]) {
  const how = `${size}, scripts ${scripts ? 'on' : 'off'}`;

  test(`a key is created, shown, expired and rolled (${how})`, async () => {
    const account = await server.openAccount('Acme Inc.');
    const page = await read(server, { link: await account.link(), scripts, size });
    await look(page, `keys-empty-${size}`);
    await page.locator('#new > summary').click();
    await look(page, `keys-new-${size}`);
    await page.getByLabel('Name').fill('Build server');
    await page.getByLabel('Expires').selectOption('week');
    await page.locator('#new').getByRole('button', { name: 'Create key' }).click();
    await page.getByText('Key created.').waitFor();
    assert.doesNotMatch(await page.content(), KEY);
    await look(page, `keys-created-${size}`);

    const row = page.getByRole('row').filter({ hasText: 'Build server' });
    const known = (await account.get('/v1/api_keys')).data;
    assert.equal(known.length, 1);
    await row.getByRole('button', { name: 'Show key' }).click();
    await page.getByText(KEY).waitFor();
    const shown = (await page.content()).match(KEY)[0];
    assert.equal((await account.post(`/v1/api_keys/${known[0].id}/reveal`)).key, shown);
    await look(page, `keys-shown-${size}`);
    if (scripts) await row.getByRole('button', { name: 'Hide key' }).click();
    else await page.getByRole('link', { name: 'Hide it' }).click();
    await page.getByText('lh_sk_test_****').first().waitFor();
    assert.doesNotMatch(await page.content(), KEY);

    await page.goto(`/dashboard/keys/${known[0].id}`);
    await look(page, `key-${size}`);
    await page.locator('#roll').getByLabel('This key works for').selectOption('hour');
    await page.getByRole('button', { name: 'Roll key' }).click();
    await page.getByText('Key rolled.').waitFor();
    const [successor, old] = (await account.get('/v1/api_keys')).data;
    assert.deepEqual([successor.name, old.replaced_by], ['Build server', successor.id]);
    await page.locator('#expire').getByLabel('When').selectOption('now');
    await page.getByRole('button', { name: 'Set expiry' }).click();
    await page.getByRole('heading', { name: 'Expire this key now?' }).waitFor();
    await look(page, `key-expire-now-${size}`);
    await page.getByRole('link', { name: 'Cancel' }).click();
    assert.equal((await account.get(`/v1/api_keys/${successor.id}`)).status, 'active');
    await page.locator('#expire').getByLabel('When').selectOption('now');
    await page.getByRole('button', { name: 'Set expiry' }).click();
    await page.getByRole('button', { name: 'Expire it now' }).click();
    await page.getByText('Expired').first().waitFor();
    assert.equal((await account.get(`/v1/api_keys/${successor.id}`)).status, 'expired');
    await look(page, `key-expired-${size}`);

    await page.goto('/dashboard/keys');
    await page.getByRole('link', { name: 'Show expired' }).click();
    await page.getByRole('heading', { name: 'All keys' }).waitFor();
    await page.locator(`[id="${successor.id}"]`).getByText('Expired', { exact: true }).waitFor();
    await look(page, `keys-all-${size}`);
  });

  test(`a missing or past date is refused at its field (${how})`, async () => {
    const account = await server.openAccount('Acme Inc.');
    const { id } = await account.key();
    const page = await read(server, { link: await account.link(), scripts, size });
    await page.goto(`/dashboard/keys/${id}`);
    const expire = page.locator('#expire');
    for (const [date, told] of [['', 'Choose a date and a time.'], ['2020-01-01T00:00', 'Choose a time that is still to come.']]) {
      await expire.getByLabel('When').selectOption('date');
      await expire.getByLabel('Date and time').fill(date);
      await page.getByRole('button', { name: 'Set expiry' }).click();
      const error = expire.locator('#expire-date-error');
      await error.filter({ hasText: told }).waitFor();
      assert.equal(await expire.getByLabel('Date and time').getAttribute('aria-invalid'), 'true');
    }
    await look(page, `key-refused-${size}`);
    assert.equal((await account.get(`/v1/api_keys/${id}`)).expires_at, null);
    // Without scripts a date is in UTC and labelled so; with them it is in the reader's time zone.
    const [label, meant] = scripts ? ['your time', '07:30'] : ['UTC', '09:30'];
    await expire.getByLabel(`Date and time (${label})`).fill('2099-07-31T09:30');
    await page.getByRole('button', { name: 'Set expiry' }).click();
    await page.getByText('expiry is set').waitFor();
    assert.equal((await account.get(`/v1/api_keys/${id}`)).expires_at, `2099-07-31T${meant}:00.000Z`);
  });

  test(`live mode is explained and disabled until the account is credentialed (${how})`, async () => {
    const account = await server.openAccount('New Inc.', { credentialed: false });
    const page = await read(server, { link: await account.link(), scripts, size });
    await page.locator('#new > summary').click();
    assert.equal(await page.getByRole('radio', { name: 'Live' }).isDisabled(), true);
    await page.locator('#new').getByText('It opens once your account is credentialed.').waitFor();
    // Where no address of a support is set, a sentence says whom to ask.
    await page.locator('#new').getByText('ask the support of the product that brought you here').waitFor();
    await look(page, `keys-test-only-${size}`);
  });
}

test('the last use of a key counts what the operator reports', async () => {
  const account = await server.openAccount('Acme Inc.');
  const keys = {};
  for (const name of ['Own', 'Verified', 'Reported', 'Unused']) keys[name] = await account.key({ name });
  await server.call('GET', '/v1/webhooks', undefined, { credential: `Bearer ${keys.Own.key}` });
  await server.call('POST', '/v1/api_keys/verify', { key: keys.Verified.key });
  const request = { api_key_id: keys.Reported.id, environment: 'test', method: 'GET', path: '/v1/reports', status: 200 };
  await account.post('/v1/request_logs', { request_logs: [request] });
  for (const [scripts, size] of [[true, 'desktop'], [false, 'phone']]) {
    const page = await read(server, { link: await account.link(), scripts, size });
    const used = async (name) => {
      await page.goto('/dashboard/keys');
      const row = page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
      const listed = await row.locator('[data-label="Last used"]').innerText();
      await page.goto(`/dashboard/keys/${keys[name].id}`);
      const told = await page.locator('dt', { hasText: 'Last used' }).locator('xpath=following-sibling::dd[1]').innerText();
      return [listed.replace('Last used', '').trim(), told];
    };
    for (const name of ['Own', 'Verified', 'Reported']) {
      for (const when of await used(name)) assert.match(when, /^(now|just now|\d+ seconds? ago)$/, name);
    }
    assert.deepEqual(await used('Unused'), ['Never', 'Never']);
  }
});

test('a relative time shows the exact one on hover, and is no tab stop', async () => {
  const account = await server.openAccount('Acme Inc.');
  await account.key({ expires_at: '2099-07-31T09:30:00Z' });
  const page = await read(server, { link: await account.link() });
  const time = page.locator('[data-label="Expires"] time');
  await page.getByRole('row', { name: /in \d+ years/ }).waitFor();
  const exact = '31 Jul 2099, 11:30:00\n2099-07-31 09:30:00 UTC';
  assert.equal(await time.getAttribute('title'), exact);
  assert.equal(await time.getAttribute('tabindex'), null);
});

test('a pressed button is marked busy until the answer arrives', async () => {
  const account = await server.openAccount('Acme Inc.');
  const { key } = await account.key();
  const page = await read(server, { link: await account.link() });
  let answer;
  const answered = new Promise((resolve) => { answer = resolve; });
  await page.route('**/reveal', async (route) => {
    await answered;
    await route.continue();
  });
  await page.getByRole('button', { name: 'Show key' }).click();
  await page.locator('button[aria-busy="true"]').waitFor();
  await look(page, 'keys-slow');
  answer();
  await page.getByText(key).waitFor();
  assert.equal(await page.locator('[aria-busy]').count(), 0);
  const busy = await page.evaluate(() => {
    const button = document.querySelector('#new button.main');
    button.form.requestSubmit(button);
    return button.getAttribute('aria-busy');
  });
  assert.equal(busy, 'true');
});

test('a key is shown by the form if a script can not fetch it', async () => {
  const account = await server.openAccount('Acme Inc.');
  const { key } = await account.key();
  const page = await read(server, { link: await account.link() });
  await page.route('**/reveal', (route) => route.abort(), { times: 1 });
  await page.getByRole('button', { name: 'Show key' }).click();
  await page.getByRole('link', { name: 'Hide it' }).waitFor();
  await page.getByText(key).waitFor();
});

test('a copy button copies a key without showing it', async () => {
  const account = await server.openAccount('Acme Inc.');
  const { key } = await account.key();
  const page = await read(server, { link: await account.link() });
  await page.getByRole('button', { name: 'Copy key' }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  assert.equal(await page.evaluate('navigator.clipboard.readText()'), key);
  assert.doesNotMatch(await page.content(), KEY);
});

test('a form that is sent twice makes one key', async () => {
  const account = await server.openAccount('Acme Inc.');
  const page = await read(server, { link: await account.link() });
  await page.locator('#new > summary').click();
  const twice = await page.evaluate(async () => {
    const form = document.querySelector('#new form');
    const body = new URLSearchParams(new FormData(form));
    const send = () => fetch(form.action, { method: 'POST', body });
    return [(await send()).status, (await send()).status];
  });
  assert.deepEqual(twice, [200, 200]);
  assert.equal((await account.get('/v1/api_keys')).count, 1);
});

test('pages of older keys have their own addresses', async () => {
  const account = await server.openAccount('Acme Inc.');
  for (let index = 0; index < 30; index += 1) await account.key({ name: `Key ${index}` });
  const page = await read(server, { link: await account.link() });
  await page.getByRole('link', { name: 'Key 29', exact: true }).waitFor();
  await page.getByRole('link', { name: 'Older keys' }).click();
  await page.getByRole('link', { name: 'Key 0', exact: true }).waitFor();
  assert.ok(page.url().includes('cursor='));
  await page.goBack();
  await page.getByRole('link', { name: 'Key 29', exact: true }).waitFor();
});
