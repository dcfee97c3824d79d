// People sign in to /operator at a provider of ours, which is on another site.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';

import { closeBrowser, look, read } from './support/browser.mjs';
import { CLIENT, startProvider } from './support/provider.mjs';
import { startServer } from './support/server.mjs';

let provider, server;
before(async () => {
  provider = await startProvider();
  server = await startServer({
    LATCHHOOK_OIDC_ISSUER: provider.url,
    LATCHHOOK_OIDC_CLIENT_ID: CLIENT.id,
    LATCHHOOK_OIDC_CLIENT_SECRET: CLIENT.secret,
    LATCHHOOK_OIDC_NAME: 'Example ID',
    LATCHHOOK_OIDC_DOMAINS: 'example.com',
  });
});
after(async () => {
  await closeBrowser();
  await server.stop();
  await provider.stop();
});
beforeEach(() => Object.assign(provider.state, { algorithm: 'RS256', claims: {} }));

/** Goes to the provider, and comes back by its link `as`. */
async function goes(page, as = 'I am Ada') {
  await page.goto('/operator');
  await page.getByRole('link', { name: 'Sign in with Example ID' }).click();
  await page.getByRole('heading', { name: 'Provider' }).waitFor();
  await page.getByRole('link', { name: as }).click();
  // The provider is the one other host that may be asked.
  page.faults = page.faults.filter((fault) => !fault.startsWith(`asked ${provider.url}/`));
}

for (const [algorithm, scripts] of [['RS256', true], ['ES256', false]]) {
  test(`somebody signs in by ${algorithm}, ${scripts ? 'with' : 'without'} scripts, and the history names them`, async () => {
    provider.state.algorithm = algorithm;
    const page = await read(server, { scripts });
    await page.goto('/operator');
    await look(page, `operator-provider-${algorithm}`);
    await goes(page);
    await page.getByRole('heading', { name: 'Accounts', level: 1 }).waitFor();
    const [cookie, ...others] = await page.context().cookies(server.url);
    assert.deepEqual([cookie.name, cookie.httpOnly, cookie.sameSite, others], ['latchhook-operator', true, 'Strict', []]);
    await page.getByText('ada@example.com').waitFor();
    await look(page, `operator-person-${algorithm}`);
    const name = `By ${algorithm}`;
    await page.locator('#new > summary').click();
    await page.locator('#new').getByLabel('Name').fill(name);
    await page.locator('#new').getByRole('button', { name: 'Open account' }).click();
    await page.getByText('Account opened.').waitFor();
    const account = page.url().match(/acct_[0-9a-z]{26}/)[0];
    const { data } = await server.call('GET', '/v1/audit_events', undefined, { account });
    assert.deepEqual(data.map(({ type, actor }) => [type, actor]), [
      ['account.opened', { type: 'operator', id: '00u1', name: 'ada@example.com' }],
    ]);
    // What they do on the account's own pages is theirs as well.
    await page.getByRole('button', { name: 'Open its dashboard' }).click();
    await page.getByRole('heading', { name: 'API keys', level: 1 }).waitFor();
    await page.goto('/dashboard/history');
    const who = (what) => page.getByRole('row').filter({ hasText: what }).locator('[data-label="Who"]').innerText();
    assert.match(await who('Account opened'), /ada@example\.com\s+Operator 00u1 127\.0\.0\.1$/);
    await page.locator('.top').getByText('ada@example.com').waitFor();
    await look(page, `history-operator-person-${algorithm}`);
    await page.goto('/operator');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Operator' }).waitFor();
    // A copy of the cookie opens nothing any more.
    await page.context().addCookies([cookie]);
    assert.equal((await page.goto('/operator/accounts')).status(), 401);
  });
}

test('whoever may not sign in, or is not proven, is told so and has no cookie', async () => {
  for (const [change, sentence] of [
    [{ claims: { email: 'eve@example.org' } }, 'You are signed in at the identity provider, but'],
    [{ claims: { email_verified: false } }, 'You are signed in at the identity provider, but'],
    [{ claims: { nonce: 'another' } }, 'could not be verified'],
    [{ claims: { aud: 'another' } }, 'could not be verified'],
    [{ algorithm: 'none' }, 'could not be verified'],
  ]) {
    Object.assign(provider.state, { algorithm: 'RS256', claims: {} }, change);
    const page = await read(server);
    await goes(page);
    await page.getByRole('alert').getByText(sentence).waitFor();
    assert.deepEqual(await page.context().cookies(server.url), [], JSON.stringify(change));
  }
});

test('somebody who turns round at the provider is told so', async () => {
  const page = await read(server);
  await goes(page, 'No');
  await page.getByRole('alert').getByText('did not sign you in').waitFor();
  await look(page, 'operator-turned-away');
});

test('an answer of the provider signs in no other browser, and none twice', async () => {
  const page = await read(server);
  await page.goto('/operator');
  await page.getByRole('link', { name: 'Sign in with Example ID' }).click();
  const [attempt] = await page.context().cookies(server.url);
  assert.deepEqual([attempt.name, attempt.httpOnly, attempt.sameSite], ['latchhook-sign-in', true, 'Lax']);
  const back = await page.getByRole('link', { name: 'I am Ada' }).getAttribute('href');
  const other = await read(server);
  await other.goto(back);
  await other.getByRole('alert').getByText('begun in another browser').waitFor();
  // Nor with an attempt of its own.
  await other.goto('/operator/oidc');
  await other.goto(back);
  await other.getByRole('alert').getByText('begun in another browser').waitFor();
  assert.deepEqual(await other.context().cookies(server.url), []);
  await page.goto(back);
  await page.getByRole('heading', { name: 'Accounts', level: 1 }).waitFor();
  await page.context().clearCookies();
  await page.context().addCookies([attempt]);
  await page.goto(back);
  await page.getByRole('alert').getByText('could not be verified').waitFor();
});

test('the token form can be switched off', async () => {
  const alone = await startServer({
    LATCHHOOK_OIDC_ISSUER: provider.url,
    LATCHHOOK_OIDC_CLIENT_ID: CLIENT.id,
    LATCHHOOK_OIDC_CLIENT_SECRET: CLIENT.secret,
    LATCHHOOK_OIDC_EMAILS: 'ada@example.com',
    LATCHHOOK_TOKEN_SIGN_IN: 'off',
  });
  try {
    const page = await read(alone);
    await page.goto('/operator');
    assert.equal(await page.getByLabel('Operator token').count(), 0);
    await page.getByRole('link', { name: 'Sign in with single sign-on' }).waitFor();
    await look(page, 'operator-provider-alone');
    const answer = await fetch(`${alone.url}/operator/sign-in`, {
      method: 'POST',
      body: new URLSearchParams({ token: alone.token }),
      headers: { 'sec-fetch-site': 'same-origin' },
      redirect: 'manual',
    });
    assert.deepEqual([answer.status, answer.headers.get('set-cookie')], [404, null]);
  } finally {
    await alone.stop();
  }
});
