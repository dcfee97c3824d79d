import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { after, before, test } from 'node:test';

import { closeBrowser, look, read, signIn } from './support/browser.mjs';
import { confirm, startServer } from './support/server.mjs';

let server, account;
before(async () => {
  server = await startServer();
  account = await server.openAccount('Acme Inc.');
});
after(async () => {
  await closeBrowser();
  await server.stop();
});

for (const [name, options] of [
  ['with a mouse', {}],
  ['without scripts', { scripts: false }],
  ['on a phone in the dark', { size: 'phone', scheme: 'dark' }],
]) {
  test(`a link signs in after a confirmation, ${name}`, async () => {
    const page = await read(server, options);
    const answer = await page.goto(await account.link());
    assert.deepEqual([answer.status(), answer.headers()['referrer-policy']], [200, 'strict-origin']);
    assert.equal(answer.headers()['cache-control'], 'no-store');
    await page.getByRole('heading', { name: 'Sign in to Acme Inc.?' }).waitFor();
    assert.deepEqual(await page.context().cookies(), []);
    await look(page, `sign-in-${name.replaceAll(' ', '-')}`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'API keys', level: 1 }).waitFor();
    assert.equal(page.url(), `${server.url}/dashboard/keys`);
    const [cookie] = await page.context().cookies();
    assert.deepEqual([cookie.httpOnly, cookie.sameSite, cookie.path], [true, 'Lax', '/']);
    if (page.scripts) assert.equal(await page.evaluate('document.cookie'), '');
  });
}

test('the button has the focus', async () => {
  const page = await read(server);
  await page.goto(await account.link());
  await page.locator('button:focus').waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'API keys', level: 1 }).waitFor();
});

test('a button that is pressed twice sends its form once', async () => {
  const page = await read(server);
  await page.goto(await account.link());
  // Some browsers send the form twice, and show the second answer.
  const kept = await page.evaluate(() => {
    const kept = [];
    addEventListener('submit', (event) => kept.push(event.defaultPrevented));
    const button = document.querySelector('button');
    button.click();
    button.click();
    return kept;
  });
  assert.deepEqual(kept, [false, true]);
  await page.getByRole('heading', { name: 'API keys', level: 1 }).waitFor();
});

test('opening a link does not use it up', async () => {
  const link = await account.link();
  for (const [method, headers] of [
    ['GET', {}],
    ['HEAD', {}],
    ['GET', { 'sec-purpose': 'prefetch;prerender' }],
    ['GET', { 'user-agent': 'Slackbot-LinkExpanding 1.0', accept: '*/*' }],
  ]) {
    for (let times = 0; times < 3; times += 1) {
      const answer = await fetch(link, { method, headers, redirect: 'manual' });
      assert.deepEqual([answer.status, answer.headers.has('set-cookie')], [200, false]);
    }
  }
  const history = (await account.get('/v1/audit_events')).data.map((event) => event.type);
  await signIn(await read(server), link);
  // Opening it leaves no entry in the history, either.
  assert.deepEqual((await account.get('/v1/audit_events')).data.map((event) => event.type), history);
});

test('a link signs in once, and says so the second time', async () => {
  const link = await account.link();
  await read(server, { link });
  const page = await read(server);
  assert.equal((await page.goto(link)).status(), 401);
  await page.getByRole('heading', { name: 'This sign-in link is used up' }).waitFor();
  assert.deepEqual(await page.context().cookies(), []);
  await look(page, 'link-used');
});

test('a link that was used meanwhile says so, and its user stays signed in', async () => {
  const link = await account.link();
  const page = await read(server);
  await page.goto(link);
  await confirm(link);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'This sign-in link is used up' }).waitFor();
  assert.deepEqual(await page.context().cookies(), []);
  // The code is no longer in the address, so a reload does not ask for it again.
  assert.equal(page.url(), `${server.url}/dashboard`);
});

test('an unknown code is answered like a used one', async () => {
  const used = await account.link();
  await confirm(used);
  const unknown = used.replace(/.{8}$/, '00000000');
  const told = await Promise.all([used, unknown].map(async (link) => {
    const answer = await fetch(link);
    return [answer.status, await answer.text()];
  }));
  assert.equal(told[0][0], 401);
  assert.deepEqual(told[0], told[1]);
});

test('of concurrent confirmations exactly one signs in', async () => {
  const link = await account.link();
  const answers = await Promise.all(Array.from({ length: 20 }, () => confirm(link)));
  const signedIn = answers.filter((answer) => answer.headers.has('set-cookie'));
  assert.deepEqual([signedIn.length, signedIn[0].status], [1, 303]);
  for (const other of answers.filter((answer) => answer !== signedIn[0])) {
    assert.equal(other.status, 401);
  }
});

test('another site can not confirm for somebody', async () => {
  const link = await account.link();
  const body = () => new URLSearchParams({ code: new URL(link).searchParams.get('code') });
  for (const headers of [
    {},
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'null' },
    { origin: 'https://evil.example' },
  ]) {
    const options = { method: 'POST', body: body(), headers, redirect: 'manual' };
    const answer = await fetch(`${server.url}/dashboard`, options);
    assert.deepEqual([answer.status, answer.headers.has('set-cookie')], [403, false]);
  }
  await signIn(await read(server), link);
});

test('a link switches from another account after a confirmation', async () => {
  const other = await server.openAccount('Globex');
  const page = await read(server, { link: await account.link() });
  await page.goto(await other.link());
  await page.getByRole('heading', { name: 'Sign in to Globex?' }).waitFor();
  await page.goto('/dashboard/keys');
  await page.getByText('Acme Inc.').waitFor();
  await signIn(page, await other.link());
  await page.getByText('Globex').waitFor();
});

test('a link works in a frame of an allowed site', async () => {
  const site = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end(site.html));
  await once(site.listen(0, '127.0.0.1'), 'listening');
  const origin = `http://localhost:${site.address().port}`;
  const framed = await startServer({ LATCHHOOK_FRAME_ANCESTORS: origin, LATCHHOOK_PUBLIC_URL: 'https://hooks.example.com' });
  try {
    const link = new URL(await (await framed.openAccount('Acme Inc.')).link());
    site.html = `<iframe src="${framed.url}${link.pathname}${link.search}"></iframe>`;
    const page = await read(framed);
    await page.goto(origin);
    const frame = page.frameLocator('iframe');
    await frame.getByRole('button', { name: 'Sign in' }).click();
    await frame.getByRole('heading', { name: 'API keys', level: 1 }).waitFor();
    await page.context().close();
  } finally {
    await framed.stop();
    site.closeAllConnections();
    site.close();
  }
});

test('a link of an account that was closed says so', async () => {
  const closed = await server.openAccount('Gone Inc.');
  const link = await closed.link();
  await server.call('DELETE', `/v1/accounts/${closed.id}`);
  const page = await read(server);
  assert.equal((await page.goto(link)).status(), 403);
  await page.getByText('The account is closed.').waitFor();
});

test('every address tells a visitor without a session where to sign in', async () => {
  const page = await read(server);
  for (const path of ['/dashboard', '/dashboard/keys', '/dashboard/webhooks/wh_1', '/dashboard/logs']) {
    const answer = await page.goto(path);
    assert.equal(answer.status(), 401, path);
    await page.getByRole('heading', { name: 'Your session has ended' }).waitFor();
  }
  await look(page, 'session-ended');
});

test('signing out ends the session, for every copy of its cookie', async () => {
  const page = await read(server, { link: await account.link() });
  const [cookie] = await page.context().cookies();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
  await look(page, 'signed-out');
  assert.deepEqual(await page.context().cookies(), []);
  assert.equal((await page.goto('/dashboard/keys')).status(), 401);
  await page.context().addCookies([cookie]);
  assert.equal((await page.goto('/dashboard/keys')).status(), 401);
});

test('an unknown address is answered with a page that says so', async () => {
  const page = await read(server, { link: await account.link() });
  for (const path of ['/dashboard/nowhere', '/dashboard/keys/key_1', '/dashboard/logs/log_1', '/operator/x/y']) {
    assert.equal((await page.goto(path)).status(), 404, path);
    await page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
  }
  await look(page, 'not-found');
});
