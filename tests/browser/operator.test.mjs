import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { SIZES, becomeOperator, closeBrowser, look, read } from './support/browser.mjs';
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

test('only the operator token signs in, and the cookie does not hold it', async () => {
  const page = await read(server);
  await page.goto('/operator');
  await look(page, 'operator-sign-in');
  for (const wrong of ['lhop_0000000000000000000000000000000000', 'x', (await (await server.openAccount('A')).key()).key]) {
    await page.getByLabel('Operator token').fill(wrong);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('That is not the operator token.').waitFor();
    assert.deepEqual(await page.context().cookies(), []);
  }
  await look(page, 'operator-refused');
  await page.getByLabel('Operator token').fill(server.token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Accounts', level: 1 }).waitFor();
  const [cookie] = await page.context().cookies();
  assert.deepEqual([cookie.httpOnly, cookie.sameSite], [true, 'Strict']);
  const bytes = Buffer.from(cookie.value, 'base64url').toString('latin1');
  assert.ok(!cookie.value.includes(server.token) && !bytes.includes(server.token.slice(5)));
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Operator' }).waitFor();
  assert.equal((await page.goto('/operator/accounts')).status(), 401);
  // A copy of the cookie opens nothing any more.
  await page.context().addCookies([cookie]);
  assert.equal((await page.goto('/operator/accounts')).status(), 401);
});

test('open dashboard sessions are listed, and one that is ended signs its reader out', async () => {
  const account = await server.openAccount('Watched');
  const reader = await read(server, { link: await account.link() });
  const page = await operator();
  await page.goto(`/operator/accounts/${account.id}`);
  const rows = page.locator('#sessions tbody tr');
  assert.equal(await rows.count(), 1);
  await look(page, 'operator-sessions');
  await rows.getByRole('button', { name: /^End session ps_/ }).click();
  await page.getByText('Session ended.').waitFor();
  await page.getByText('Nobody is signed in to its dashboard.').waitFor();
  assert.equal((await reader.goto('/dashboard/keys')).status(), 401);
  await reader.getByRole('heading', { name: 'Your session has ended' }).waitFor();
});

for (const [scripts, size] of [[true, 'desktop'], [false, 'phone']]) {
  const how = `${size}, scripts ${scripts ? 'on' : 'off'}`;

  test(`an account is opened, found, credentialed, limited, viewed and closed (${how})`, async () => {
    const page = await operator({ scripts, size });
    const name = `Fresh on ${size}`;
    await page.locator('#new > summary').click();
    await page.locator('#new').getByLabel('Name').fill(name);
    await page.locator('#new').getByLabel('Your identifier').fill(`customer-${size}`);
    await page.locator('#new').getByRole('button', { name: 'Open account' }).click();
    await page.getByText('Account opened.').waitFor();
    const id = page.url().match(/acct_[0-9a-z]{26}/)[0];
    await look(page, `operator-account-${size}`);

    await page.getByRole('button', { name: 'Credential for live mode' }).click();
    await page.getByText('Live mode open').waitFor();
    await page.getByLabel('Webhooks per environment').fill('many');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.locator('#a-quota-error').waitFor();
    await page.getByLabel('Webhooks per environment').fill('7');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('Changes saved.').waitFor();
    const account = await server.call('GET', `/v1/accounts/${id}`);
    assert.deepEqual([account.credentialed, account.webhook_quota, account.name], [true, 7, name]);

    await page.goto('/operator/accounts');
    await look(page, `operator-accounts-${size}`);
    await page.getByLabel('Search accounts').fill(`CUSTOMER-${size}`);
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('heading', { name: 'Found' }).waitFor();
    assert.equal(await page.locator('tbody tr').count(), 1);
    await page.getByRole('link', { name }).click();

    await page.getByRole('button', { name: 'Open its dashboard' }).click();
    await page.getByRole('heading', { name: 'API keys', level: 1 }).waitFor();
    assert.equal(page.url(), `${server.url}/dashboard/keys`);
    await page.getByText(name).first().waitFor();

    await page.goto(`/operator/accounts/${id}`);
    await page.getByRole('button', { name: 'Withdraw live mode' }).click();
    await page.getByText('Test only').waitFor();
    await page.locator('#close > summary').click();
    await page.locator('#close').getByLabel('Name').fill('Somebody else');
    await page.locator('#close').getByRole('button', { name: 'Close account' }).click();
    await page.locator('#confirm-error').waitFor();
    await look(page, `operator-close-${size}`);
    await page.locator('#close').getByLabel('Name').fill(name);
    await page.locator('#close').getByRole('button', { name: 'Close account' }).click();
    await page.getByText('Account closed.').waitFor();
    assert.notEqual((await server.call('GET', `/v1/accounts/${id}`)).closed_at, null);
  });

  test(`event types are registered, changed and removed (${how})`, async () => {
    const page = await operator({ scripts, size });
    await page.getByRole('link', { name: 'Event types' }).click();
    await look(page, `operator-types-empty-${size}`);
    const save = async (name, description, schema) => {
      await page.getByLabel('Name').fill(name);
      await page.getByLabel('Description').fill(description);
      await page.getByLabel('JSON Schema').fill(schema);
      await page.getByRole('button', { name: 'Save type' }).click();
    };
    await save('Not A Name', '', '');
    await page.locator('#t-name-error').waitFor();
    await save('report.completed', 'A report is ready.', '{ "type": ');
    await page.locator('#t-schema-error').filter({ hasText: 'This is not JSON' }).waitFor();
    await save('report.completed', 'A report is ready.', '{ "type": 12 }');
    await page.locator('#t-schema-error').waitFor();
    await look(page, `operator-types-refused-${size}`);
    await save('report.completed', 'A report is ready.', '{ "type": "object" }');
    await page.getByText('Event type saved.').waitFor();
    await look(page, `operator-types-${size}`);
    await page.getByRole('link', { name: 'Edit report.completed' }).click();
    assert.match(await page.getByLabel('JSON Schema').inputValue(), /"type": "object"/);
    await page.locator('#remove > summary').click();
    await look(page, `operator-types-remove-${size}`);
    await page.getByRole('button', { name: 'Remove type' }).click();
    await page.getByText('Event type removed.').waitFor();
    await page.getByText('None is registered.').waitFor();
  });
}

test('the health page lists failing and slow webhooks of all accounts', async () => {
  const account = await server.openAccount('Troubled Inc.');
  await account.webhook(`${receiver.url}/500/troubled`);
  await account.webhook(`${receiver.url}/slow`);
  await account.event();
  const flaky = await account.webhook(`${receiver.url}/flaky`);
  const event = await account.event();
  const taken = ({ webhook_id, status }) => webhook_id === flaky.id && status === 'delivered';
  await account.until(`/v1/events/${event.id}`, ({ deliveries }) => deliveries.some(taken));
  const page = await operator({});
  await page.getByRole('link', { name: 'Health' }).click();
  const rows = (card) => page.locator('section').filter({ has: page.getByRole('heading', { name: card }) }).locator('tbody tr');
  const troubled = rows('Failing everything');
  await troubled.getByRole('link', { name: 'Troubled Inc.' }).waitFor();
  assert.equal(await troubled.filter({ hasText: '/flaky' }).count(), 0);
  const most = await rows('Failing most').allInnerTexts();
  assert.deepEqual(most.map((text) => text.match(/\/flaky|\/500\/troubled/)[0]), ['/500/troubled', '/flaky']);
  const counts = rows('Failing most').locator('[data-label="Failed first attempts"]');
  assert.deepEqual(await counts.allInnerTexts(), ['2', '1']);
  const slow = rows('Slowest').filter({ hasText: '/slow' });
  assert.match(await slow.getByRole('cell').nth(1).innerText(), /\d,\d{3} ms/);
  for (const size of Object.keys(SIZES)) {
    await page.setViewportSize(SIZES[size]);
    await look(page, `operator-health-${size}`);
  }
});
