import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { closeBrowser, look, read } from './support/browser.mjs';
import { startServer } from './support/server.mjs';

let server, account;
before(async () => {
  server = await startServer();
  account = await server.openAccount('Acme Inc.');
});
after(async () => {
  await closeBrowser();
  await server.stop();
});

test('a link signs in, and its code leaves the address bar at once', async () => {
  const page = await read(server, { link: await account.link() });
  assert.equal(page.url(), `${server.url}/dashboard/keys`);
  await page.getByText('Acme Inc.').waitFor();
  const [cookie] = await page.context().cookies();
  assert.deepEqual([cookie.httpOnly, cookie.sameSite, cookie.path], [true, 'Lax', '/']);
  assert.equal(await page.evaluate('document.cookie'), '');
  await page.goBack().catch(() => null);
  assert.ok(!page.url().includes('code='));
});

test('a link signs in once, and says so the second time', async () => {
  const link = await account.link();
  await read(server, { link });
  const page = await read(server, { link });
  await page.getByRole('heading', { name: 'This sign-in link is used up' }).waitFor();
  assert.deepEqual(await page.context().cookies(), []);
  await look(page, 'link-used');
});

test('of many that use a link at the same instant one is signed in', async () => {
  const link = await account.link();
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => fetch(link, { redirect: 'manual' })),
  );
  const signedIn = answers.filter((answer) => answer.headers.has('set-cookie'));
  assert.deepEqual([signedIn.length, signedIn[0].status], [1, 303]);
  for (const other of answers.filter((answer) => answer !== signedIn[0])) {
    assert.equal(other.status, 401);
  }
});

test('a browser that only looks ahead does not use the link up', async () => {
  const link = await account.link();
  const ahead = await fetch(link, { headers: { 'sec-purpose': 'prefetch;prerender' } });
  assert.deepEqual([ahead.status, ahead.headers.has('set-cookie')], [204, false]);
  assert.equal((await fetch(link, { method: 'HEAD' })).headers.has('set-cookie'), false);
  const page = await read(server, { link });
  await page.getByRole('heading', { name: 'API keys', level: 1 }).waitFor();
});

test('whoever is not signed in is told where to sign in, at every address', async () => {
  const page = await read(server);
  for (const path of ['/dashboard', '/dashboard/keys', '/dashboard/webhooks/wh_1', '/dashboard/logs']) {
    const answer = await page.goto(path);
    assert.equal(answer.status(), 401, path);
    await page.getByRole('heading', { name: 'Your session has ended' }).waitFor();
  }
  await look(page, 'session-ended');
});

test('signing out forgets the session in this browser', async () => {
  const page = await read(server, { link: await account.link() });
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
  await look(page, 'signed-out');
  assert.deepEqual(await page.context().cookies(), []);
  assert.equal((await page.goto('/dashboard/keys')).status(), 401);
});

test('an address that leads nowhere says so', async () => {
  const page = await read(server, { link: await account.link() });
  for (const path of ['/dashboard/nowhere', '/dashboard/keys/key_1', '/dashboard/logs/log_1', '/operator/x/y']) {
    assert.equal((await page.goto(path)).status(), 404, path);
    await page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
  }
  await look(page, 'not-found');
});
