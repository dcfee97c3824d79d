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
    await page.getByText('That is not an operator token that works.').waitFor();
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

for (const [scripts, size] of [[true, 'desktop'], [false, 'phone']]) {
  test(`a token is made, shown once, does what its scopes say, and is ended (${size}, scripts ${scripts ? 'on' : 'off'})`, async () => {
    const page = await operator({ scripts, size });
    const account = await server.openAccount(`Seen on ${size}`);
    await page.getByRole('link', { name: 'Tokens' }).click();
    await page.locator('#new > summary').click();
    const form = page.locator('#new');
    await form.getByLabel('Name').fill(`Support on ${size}`);
    await form.getByRole('button', { name: 'Make a token' }).click();
    await page.locator('#o-scopes-error').waitFor();
    assert.equal(await form.getByLabel('Name').inputValue(), `Support on ${size}`);
    await form.getByLabel(/^accounts:read/).check();
    await form.getByLabel(/^webhooks:read/).check();
    await look(page, `operator-tokens-new-${size}`);
    await form.getByRole('button', { name: 'Make a token' }).click();
    await page.getByRole('heading', { name: `Token of Support on ${size}` }).waitFor();
    const token = await page.locator('code.secret').innerText();
    assert.match(token, /^lhop_\w{43}$/);
    await look(page, `operator-token-made-${size}`);
    await page.getByRole('link', { name: 'I have copied it' }).click();
    await page.getByRole('heading', { name: 'All tokens' }).waitFor();
    assert.ok(!(await page.content()).includes(token));

    const support = await read(server, { scripts, size });
    await support.goto('/operator');
    await support.getByLabel('Operator token').fill(token);
    await support.getByRole('button', { name: 'Sign in' }).click();
    await support.getByRole('heading', { name: 'Accounts', level: 1 }).waitFor();
    await support.getByText(`Support on ${size}`).waitFor();
    const menu = support.getByRole('navigation', { name: 'Operator' }).getByRole('link');
    assert.deepEqual(await menu.allInnerTexts(), ['Accounts']);
    assert.equal(await support.locator('#new').count(), 0);
    await support.goto(`/operator/accounts/${account.id}`);
    await support.getByText('It has no webhook.').waitFor();
    await look(support, `operator-limited-${size}`);
    for (const name of ['Open its dashboard', 'Withdraw live mode', 'Save changes', 'Close account']) {
      assert.equal(await support.getByRole('button', { name }).count(), 0, name);
    }
    for (const beyond of ['/operator/tokens', '/operator/health']) {
      assert.equal((await support.goto(beyond)).status(), 403, beyond);
    }

    await page.reload();
    await look(page, `operator-tokens-${size}`);
    const end = page.getByRole('button', { name: `End Support on ${size}` });
    await end.click();
    await page.getByRole('heading', { name: 'End this token?' }).waitFor();
    await page.getByText(/It was last used/).waitFor();
    await look(page, `operator-token-end-${size}`);
    // Enter that is pressed once more changes nothing.
    await page.locator('a:focus').filter({ hasText: 'Cancel' }).waitFor();
    await page.keyboard.press('Enter');
    await end.click();
    await page.getByRole('button', { name: 'End it now' }).click();
    await page.getByText('Token ended.').waitFor();
    assert.equal(await page.getByRole('button', { name: `End Support on ${size}` }).count(), 0);
    assert.equal((await support.goto('/operator/accounts')).status(), 401);
  });
}

test('a token none of whose scopes opens a page does not sign in', async () => {
  const { token } = await server.call('POST', '/v1/operator_tokens', { name: 'gateway', scopes: ['keys:verify'] });
  const page = await read(server);
  await page.goto('/operator');
  await page.getByLabel('Operator token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('none of its scopes opens a page').waitFor();
  assert.deepEqual(await page.context().cookies(), []);
});

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
  await troubled.getByText('Unless something arrives, it is disabled in 59 days.').first().waitFor();
  const most = await rows('Failing most').allInnerTexts();
  assert.deepEqual(most.map((text) => text.match(/\/flaky|\/500\/troubled/)[0]), ['/500/troubled', '/flaky']);
  const counts = rows('Failing most').locator('[data-label="Failed in 24 hours"]');
  assert.deepEqual(await counts.allInnerTexts(), ['2', '1']);
  await page.getByText('One that was slow before these is not among them.').waitFor();
  const slow = rows('Slow lately').filter({ hasText: '/slow' });
  assert.match(await slow.getByRole('cell').nth(1).innerText(), /\d,\d{3} ms/);
  for (const size of Object.keys(SIZES)) {
    await page.setViewportSize(SIZES[size]);
    await look(page, `operator-health-${size}`);
  }
});

test('the list of accounts shows what each has, how it fares and when it was last active', async () => {
  const account = await server.openAccount('Busy Inc.');
  await account.key();
  await account.key({ name: 'Second' });
  const expired = await account.key({ name: 'Ended' });
  await account.post(`/v1/api_keys/${expired.id}/expire`);
  await account.webhook(`${receiver.url}/hooks`);
  await account.webhook(`${receiver.url}/500/busy`);
  await account.event();
  await server.openAccount('Quiet Inc.');
  for (const [size, scheme] of [['desktop', 'light'], ['phone', 'dark']]) {
    const page = await operator({ size, scheme });
    const row = (name) => page.locator('.accounts tbody tr').filter({ hasText: name });
    const cell = (name, label) => row(name).locator(`[data-label="${label}"]`).innerText();
    assert.match(await cell('Busy Inc.', 'Keys'), /2$/);
    assert.match(await cell('Busy Inc.', 'Webhooks'), /2$/);
    assert.match(await cell('Busy Inc.', 'Failed attempts, 24 hours'), /[1-9]\d* of [1-9]\d*$/);
    assert.match(await cell('Busy Inc.', 'Last activity'), /second|minute|now/);
    assert.match(await cell('Quiet Inc.', 'Keys'), /0$/);
    assert.match(await cell('Quiet Inc.', 'Last activity'), /Never$/);
    await look(page, `operator-accounts-figures-${size}-${scheme}`);
  }
});

test('search finds the account of whatever support is given, and opens it there', async () => {
  const account = await server.openAccount('Sought Inc.');
  await server.openAccount('Other Inc.');
  const key = await account.key();
  const webhook = await account.webhook(`${receiver.url}/sought`);
  const event = await account.event('report.completed', { id: 'rep_sought' });
  const [log] = (await account.get('/v1/logs')).data;
  await server.call('GET', '/v1/webhooks', undefined, { credential: `Bearer ${key.key}` });
  const { data: [request] } = await account.until('/v1/logs?kind=api_request', ({ data }) => data.length > 0);
  await account.post('/v1/request_logs', { request_logs: [
    { environment: 'test', method: 'GET', path: '/v1/x', status: 200, request_id: 'our-own-7' },
  ] });
  const session = await account.post('/v1/portal_sessions');
  const page = await operator({ scripts: false });
  for (const [text, kind, place] of [
    [key.id, 'API key', `/dashboard/keys/${key.id}`],
    [webhook.id, 'Webhook', `/dashboard/webhooks/${webhook.id}`],
    [event.id, 'Event', `/dashboard/events/${event.id}`],
    ['rep_sought', 'Object', '/dashboard/logs?kind=webhook_delivery&object_id=rep_sought'],
    [log.id, 'Log row', `/dashboard/logs/${log.id}`],
    [request.request_id, 'Request', `/dashboard/logs?kind=api_request&request_id=${request.request_id}`],
    ['our-own-7', 'Request', '/dashboard/logs?kind=api_request&request_id=our-own-7'],
    [session.id, 'Session', null],
  ]) {
    await page.goto('/operator/accounts');
    await page.getByLabel('Search accounts').fill(text);
    await page.getByRole('button', { name: 'Search' }).click();
    const rows = page.locator('.found tbody tr');
    await rows.getByRole('link', { name: 'Sought Inc.' }).waitFor();
    assert.equal(await rows.count(), 1, text);
    assert.equal((await rows.locator('td').first().innerText()).replace(/^What was found\s*/, ''), `${kind} ${text}`);
    if (!place) continue;
    await page.getByRole('button', { name: 'Open in its dashboard: Sought Inc.' }).click();
    await page.waitForURL(server.url + place);
  }
  await page.goto('/operator/accounts?search=evt_01jgz2v6nv6e0w5dj3c5rqm8ta');
  await page.getByText('No account here.').waitFor();
  const seen = await operator({});
  await seen.goto(`/operator/accounts?search=${event.id}`);
  await look(seen, 'operator-found');
});

test('a webhook has a page, which lists of health and of the account link to', async () => {
  const account = await server.openAccount('Linked Inc.');
  const webhook = await account.webhook(`${receiver.url}/500/linked`);
  await account.event();
  const off = await account.webhook(`${receiver.url}/500/off`);
  await account.event();
  await server.call('PATCH', `/v1/webhooks/${off.id}`, { status: 'disabled' }, { account: account.id });
  const page = await operator({});
  await page.goto('/operator/health');
  const failing = page.locator('.failing tbody tr');
  assert.equal(await failing.filter({ hasText: '/500/off' }).count(), 0);
  await failing.getByRole('link', { name: '/500/linked' }).click();
  await page.waitForURL(`**/operator/accounts/${account.id}/webhooks/${webhook.id}`);
  await page.getByText('Failing', { exact: true }).first().waitFor();
  await page.getByText('It answers 500: it fails by itself.').waitFor();
  for (const size of Object.keys(SIZES)) {
    await page.setViewportSize(SIZES[size]);
    await look(page, `operator-webhook-${size}`);
  }
  await page.getByRole('link', { name: 'Linked Inc.' }).click();
  await page.locator('#webhooks').getByRole('link', { name: '/500/off' }).waitFor();
  const status = (url) => page.locator('#webhooks tr').filter({ hasText: url }).locator('[data-label="Status"]').innerText();
  assert.match(await status('/500/linked'), /Failing\s+began/);
  assert.match(await status('/500/off'), /Disabled$/);
  await look(page, 'operator-account-webhooks');
  await page.locator('#webhooks').getByRole('link', { name: '/500/linked' }).click();
  await page.getByRole('button', { name: 'Open in its dashboard' }).click();
  await page.waitForURL(`${server.url}/dashboard/webhooks/${webhook.id}`);
});

test('an account is never opened at a place outside of its pages', async () => {
  const account = await server.openAccount('Kept Inc.');
  const page = await operator({});
  for (const place of ['https://evil.example/', '//evil.example/', '/operator/accounts', '/dashboard/\\evil.example']) {
    await page.goto(`/operator/accounts/${account.id}`);
    await page.evaluate((place) => {
      const form = document.querySelector('form[action$="/open"]');
      form.insertAdjacentHTML('beforeend', '<input type="hidden" name="place">');
      form.lastElementChild.value = place;
    }, place);
    await page.getByRole('button', { name: 'Open its dashboard' }).click();
    await page.waitForURL(`${server.url}/dashboard/keys`);
  }
});

for (const scripts of [true, false]) {
  test(`an event is erased after a question, and its pages say so (scripts ${scripts ? 'on' : 'off'})`, async () => {
    const account = await server.openAccount('Forgetful');
    await account.webhook(`${receiver.url}/erased`);
    const event = await account.event();
    const page = await operator({ scripts });
    await page.goto(`/operator/accounts/${account.id}`);
    await page.locator('#erase > summary').click();
    await page.locator('#erase').getByLabel('Event').fill('evt_01jgz2v6nv6e0w5dj3c5rqm8ta');
    await page.locator('#erase').getByRole('button', { name: 'Erase an event' }).click();
    await page.getByRole('button', { name: 'Erase for good' }).click();
    await page.getByText('This account has no such event.').waitFor();
    await look(page, `operator-erase-${scripts ? 'scripts' : 'plain'}`);
    await page.getByLabel('Event').fill(event.id);
    await page.getByRole('button', { name: 'Erase for good' }).click();
    await page.getByText('Event erased. Its data is gone.').waitFor();
    const reader = await read(server, { link: await account.link(), scripts });
    await reader.goto(`/dashboard/events/${event.id}`);
    await reader.getByText('The data was erased:').waitFor();
    assert.equal(await reader.getByRole('button', { name: 'Send again now' }).count(), 0);
  });
}
