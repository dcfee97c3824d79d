import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { after, before, test } from 'node:test';

import { becomeOperator, closeBrowser, read, signIn as signInWith } from './support/browser.mjs';
import { startReceiver } from './support/receiver.mjs';
import { confirm, startServer } from './support/server.mjs';

let server, receiver, evil;
before(async () => {
  server = await startServer();
  receiver = await startReceiver();
  evil = await otherSite();
});
after(async () => {
  await closeBrowser();
  await server.stop();
  await receiver.stop();
  await evil.stop();
});

/** Another site, which serves the page that a test gives it. */
async function otherSite() {
  const site = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(site.html);
  });
  site.listen(0, '127.0.0.1');
  await once(site, 'listening');
  const { port } = site.address();
  return {
    show: (html) => { site.html = html; },
    // The same site on another port, and another site.
    urls: [`http://127.0.0.1:${port}/`, `http://localhost:${port}/`],
    stop: () => new Promise((done) => { site.closeAllConnections(); site.close(done); }),
  };
}

/** Signs in without a browser; returns the value of the session's cookie. */
async function signIn(link) {
  const answer = await confirm(link);
  return answer.headers.get('set-cookie').split(';')[0];
}

const pages = (account, ids) => [
  '/dashboard/keys', `/dashboard/keys/${ids.key}`, '/dashboard/webhooks', `/dashboard/webhooks/${ids.webhook}`,
  '/dashboard/logs', '/dashboard/logs?kind=api_request', `/dashboard/logs/${ids.log}`, `/dashboard/logs/${ids.request}`,
  `/dashboard/events/${ids.event}`, '/dashboard/history', `/dashboard/history?subject=${ids.webhook}`,
];

/** Creates an account with content on every page; `text` is in every field that somebody can write. */
async function filled(text) {
  const account = await server.openAccount('Acme Inc.');
  if (text) await server.call('PATCH', `/v1/accounts/${account.id}`, { name: text });
  const key = await account.key({ name: text ?? 'CI' });
  const say = encodeURIComponent(text ?? 'ok');
  const target = receiver.url.replace('//', `//${say.replaceAll('%3A', '')}:secret@`);
  // A URL can't contain blanks, and an attack needs none.
  const raw = (text ?? 'x').replaceAll(' ', '/');
  const webhook = await account.webhook(`${target}/500/${raw}?say=${say}&head=${say}&raw=${raw}`, { description: text ?? 'Hooks' });
  const event = await account.event('report.completed', { note: text ?? 'ok', [text ?? 'field']: 1 });
  const secret = (await account.post(`/v1/webhooks/${webhook.id}/reveal_secret`)).signing_secret;
  await account.post('/v1/request_logs', {
    request_logs: [{
      api_key_id: key.id, environment: 'test', method: 'GET', path: `/${text ?? 'path'}`, status: 500,
      ip: '203.0.113.7', user_agent: text ?? 'curl', request_id: text ?? 'r1',
    }],
  });
  const [log] = (await account.get('/v1/logs')).data;
  const [request] = (await account.get('/v1/logs?kind=api_request')).data;
  const ids = { key: key.id, webhook: webhook.id, event: event.id, log: log.id, request: request.id };
  return { account, ids, secrets: [key.key, secret, secret.slice(6)] };
}

test('every answer forbids scripts, styles and frames that are not its own', async () => {
  const { account, ids } = await filled();
  const cookie = await signIn(await account.link());
  const paths = [...pages(account, ids), '/operator', '/operator/accounts', '/dashboard/nowhere', '/dashboard/signed-out'];
  for (const path of paths) {
    const answer = await fetch(server.url + path, { headers: { cookie } });
    const policy = answer.headers.get('content-security-policy');
    assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self'/, path);
    assert.match(policy, /frame-ancestors 'none'$/, path);
    assert.doesNotMatch(policy, /unsafe|data:|https?:/, path);
    assert.equal(answer.headers.get('x-frame-options'), 'DENY', path);
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff', path);
    assert.equal(answer.headers.get('referrer-policy'), 'same-origin', path);
    assert.equal(answer.headers.get('cache-control'), 'no-store', path);
    const html = await answer.text();
    assert.doesNotMatch(html, /<script(?![^>]*src=)|<style|\sstyle=|\son[a-z]+=|javascript:/i, path);
    assert.doesNotMatch(html, /(src|href)="(https?:)?\/\//, path);
  }
});

/** A session without a browser, which records the head and body of every answer. */
class Session {
  constructor(cookie) {
    Object.assign(this, { cookie, answers: [] });
  }

  async ask(method, path, body) {
    const headers = { cookie: this.cookie, 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await fetch(server.url + path, { method, body, headers, redirect: 'manual' });
    const text = await answer.text();
    this.answers.push([`${method} ${path} ${body ?? ''}`, JSON.stringify([...answer.headers]) + text]);
    return { status: answer.status, location: answer.headers.get('location'), text };
  }

  async page(path, status = 200) {
    const answer = await this.ask('GET', path);
    assert.equal(answer.status, status, path);
    this.token = answer.text.match(/name="form" value="([0-9a-f]+)"/)?.[1] ?? this.token;
    return answer.text;
  }

  /** Sends a form, and follows the redirect. */
  async send(path, fields, status = 303) {
    const once = randomUUID();
    const answer = await this.ask('POST', path, new URLSearchParams({ form: this.token, once, ...fields }).toString());
    assert.equal(answer.status, status, path);
    if (status === 303) await this.page(answer.location);
    return answer;
  }
}

const SECRETS = /lh_sk_(test|live)_[0-9A-Za-z]{38}|whsec_[0-9A-Za-z+/]{20}|lh(ps|op)_[0-9A-Za-z]{8}/;

test('no secret is in any answer of a session that did not ask for it', async () => {
  const { account, ids, secrets } = await filled();
  const { key, webhook, event } = ids;
  const cookie = await signIn(await account.link());
  const session = new Session(cookie);
  for (const path of pages(account, ids)) await session.page(path);
  for (const href of new Set(session.answers[0][1].match(/\/dashboard\/assets\/[^"#\\]+/g))) await session.page(href);
  await session.page('/dashboard/nowhere', 404);
  await session.page('/dashboard/logs?status=wonderful', 422);

  const hooks = `/dashboard/webhooks/${webhook}`;
  const sns = 'sns://AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY@us-east-1/123456789012/reports';
  const form = { environment: 'test', jurisdiction: 'US', hear: 'all' };
  await session.send('/dashboard/keys', { type: 'secret', environment: 'test', name: 'Another' });
  await session.send('/dashboard/keys', { type: 'secret', environment: 'test', expiry: 'date' }, 422);
  await session.send(`/dashboard/keys/${key}/roll`, { expiry: 'hour' });
  await session.send(`/dashboard/keys/${key}/expire`, { expiry: 'now' }, 200);
  await session.send(`/dashboard/keys/${key}/expire`, { expiry: 'now', sure: 1 });
  await session.send(`/dashboard/keys/${key}/expire`, { expiry: 'now', sure: 1 }, 409);
  await session.send('/dashboard/webhooks', { webhook_url: sns, ...form });
  await session.send(hooks, { webhook_url: `${receiver.url}/200/moved`, hear: 'all' });
  await session.send(`${hooks}/rotate`, { overlap_seconds: 3600 });
  await session.send(`${hooks}/rotate`, { overlap_seconds: 'long' }, 422);
  await session.send(`${hooks}/ping`, {});
  await session.send(`${hooks}/disable`, {}, 200);
  await session.send(`${hooks}/disable`, { sure: 1 });
  await session.send(`${hooks}/enable`, {});
  await session.send(`${hooks}/recover`, { include: 'cancelled' });
  await session.send(`/dashboard/events/${event}/resend`, { webhook_id: webhook });
  await session.send(`${hooks}/delete`, { confirm: 'something else' }, 422);
  for (const path of pages(account, ids)) await session.page(path);

  // A secret is shown only in the answer to a request for it; a refused form still shows what was
  // entered into it.
  const asked = new Session(cookie);
  asked.token = session.token;
  await asked.send('/dashboard/webhooks', { webhook_url: sns, ...form }, 409);
  const newest = (await account.get('/v1/api_keys')).data[0].id;
  for (const path of [`/dashboard/keys/${newest}/reveal`, `${hooks}/reveal`]) {
    const { text } = await asked.send(path, {}, 200);
    secrets.push(text.match(SECRETS)[0]);
  }
  await session.send(`${hooks}/delete`, { confirm: `${receiver.url}/200/moved` });
  await session.send('/dashboard/sign-out', {});
  // A copy of the cookie opens nothing any more, at the pages or at the API.
  await session.page('/dashboard/keys', 401);
  const bearer = { authorization: `Bearer ${cookie.split('=')[1]}` };
  assert.equal((await fetch(`${server.url}/v1/account`, { headers: bearer })).status, 401);

  secrets.push(cookie.split('=')[1], server.token, sns.split(/[:@]/)[2]);
  assert.ok(session.answers.length > 50, `${session.answers.length} answers`);
  for (const [what, text] of session.answers) {
    for (const secret of secrets) assert.ok(!text.includes(secret), what);
    assert.doesNotMatch(text, SECRETS, what);
  }
  assert.ok(!server.log().includes(cookie.split('=')[1]));
});

/** The operator's session. */
async function operate() {
  const answer = await fetch(`${server.url}/operator/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ token: server.token }),
  });
  const session = new Session(answer.headers.get('set-cookie').split(';')[0]);
  await session.page('/operator/accounts');
  return session;
}

test('no secret is in any answer of the operator\u2019s session', async () => {
  const { account, secrets } = await filled();
  const session = await operate();
  const own = `/operator/accounts/${account.id}`;
  for (const path of ['/operator/event-types', '/operator/health', own]) await session.page(path);
  await session.send('/operator/accounts', { name: 'Another' });
  await session.send(own, { name: 'Acme', webhook_quota: 'many' }, 422);
  await session.send(own, { name: 'Acme', webhook_quota: 3 });
  await session.send(`${own}/credential`, { credentialed: 'false' });
  await session.send('/operator/event-types', { name: 'Not a name' }, 422);
  await session.send(`${own}/close`, { confirm: 'Acme' });
  for (const [what, text] of session.answers) {
    for (const secret of [...secrets, session.cookie.split('=')[1], server.token]) assert.ok(!text.includes(secret), what);
    assert.doesNotMatch(text, SECRETS, what);
  }
});

test('a session id that somebody else chose is refused', async () => {
  const account = await server.openAccount('Acme Inc.');
  const page = await read(server);
  await page.context().addCookies([{ name: 'latchhook', value: 'lhps_chosen', url: server.url }]);
  assert.equal((await page.goto('/dashboard/keys')).status(), 401);
  await signInWith(page, await account.link());
  const [cookie] = await page.context().cookies();
  assert.ok(cookie.value.startsWith('lhps_') && cookie.value !== 'lhps_chosen');
  // A sign-in code is not a session id, either: it only begins a session.
  const code = new URL(await account.link()).searchParams.get('code');
  assert.equal((await fetch(`${server.url}/dashboard/keys`, { headers: { cookie: `latchhook=${code}` } })).status, 401);
});

test('another account sees nothing of this one', async () => {
  const { ids } = await filled();
  const stranger = await server.openAccount('Stranger');
  const cookie = await signIn(await stranger.link());
  for (const path of [`keys/${ids.key}`, `webhooks/${ids.webhook}`, `logs/${ids.log}`, `events/${ids.event}`]) {
    const answer = await fetch(`${server.url}/dashboard/${path}`, { headers: { cookie } });
    assert.equal(answer.status, 404, path);
  }
  const history = await fetch(`${server.url}/dashboard/history?subject=${ids.webhook}`, { headers: { cookie } });
  assert.ok(!(await history.text()).includes('Webhook created'));
});

const FORMS = [
  ['/dashboard/keys', 'type=secret&environment=test'],
  ['/dashboard/webhooks', 'webhook_url=https://evil.example/&environment=test&jurisdiction=US&hear=all'],
  ['/dashboard/sign-out', ''],
];

test('a form without its session\u2019s token, or from another origin, is refused', async () => {
  const { account, ids } = await filled();
  const cookie = await signIn(await account.link());
  const own = (await (await fetch(`${server.url}/dashboard/keys`, { headers: { cookie } })).text()).match(/name="form" value="([0-9a-f]+)"/)[1];
  const other = await signIn(await account.link());
  const theirs = (await (await fetch(`${server.url}/dashboard/keys`, { headers: { cookie: other } })).text()).match(/name="form" value="([0-9a-f]+)"/)[1];
  const forms = [
    ...FORMS,
    ...['reveal', 'expire', 'roll', 'undo'].map((verb) => [`/dashboard/keys/${ids.key}/${verb}`, '']),
    ...['reveal', 'rotate', 'disable', 'ping', 'delete', 'recover', 'test', 'overlap/finish', 'overlap/undo'].map((verb) => [`/dashboard/webhooks/${ids.webhook}/${verb}`, '']),
    [`/dashboard/webhooks/${ids.webhook}`, 'webhook_url=https://evil.example/'],
    [`/dashboard/events/${ids.event}/resend`, `webhook_id=${ids.webhook}`],
    ['/dashboard/logs/again', `row=${ids.event}+${ids.webhook}`],
  ];
  const before = (await account.get('/v1/audit_events?per_page=100')).data.length;
  const from = { 'sec-fetch-site': 'same-origin' };
  for (const [path, fields] of forms) {
    for (const [headers, token] of [
      [from, ''],
      [from, theirs],
      [from, 'x'.repeat(32)],
      [{ 'sec-fetch-site': 'cross-site' }, own],
      [{ 'sec-fetch-site': 'same-site' }, own],
      [{ origin: 'https://evil.example' }, own],
      [{ origin: 'null' }, own],
      [{}, own],
    ]) {
      const answer = await fetch(server.url + path, {
        method: 'POST',
        redirect: 'manual',
        headers: { cookie, 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body: `${fields}&form=${token}`,
      });
      assert.equal(answer.status, 403, `${path} ${JSON.stringify(headers)} ${token}`);
    }
  }
  // Nothing happened but the two links above.
  assert.equal((await account.get('/v1/audit_events?per_page=100')).data.length, before);
});

test('an operator form from another origin is refused', async () => {
  const account = await server.openAccount('Acme Inc.');
  const [one, other] = [await operate(), await operate()];
  const own = `/operator/accounts/${account.id}`;
  const before = (await account.get('/v1/audit_events?per_page=100')).data.length;
  const forms = [
    ['/operator/accounts', 'name=Evil'], [own, 'name=Evil&webhook_quota=1'],
    [`${own}/credential`, 'credentialed=false'], [`${own}/open`, ''], [`${own}/close`, 'confirm=Acme Inc.'],
    ['/operator/tokens', 'name=Evil&scopes=keys:verify'], ['/operator/webhooks', 'webhook_url=https://evil.example/&event_types=*'], ['/operator/event-types', 'name=evil.type'], ['/operator/event-types/evil.type/remove', ''], ['/operator/sign-out', ''],
  ];
  for (const [path, fields] of [...forms, ['/operator/sign-in', `token=${server.token}`]]) {
    for (const [site, token] of [['same-origin', other.token], ['same-origin', ''], ['cross-site', one.token], ['same-site', one.token]]) {
      // Signing in needs no session, so only the form's origin is checked.
      if (path === '/operator/sign-in' && site === 'same-origin') continue;
      const answer = await fetch(server.url + path, {
        method: 'POST',
        redirect: 'manual',
        headers: { cookie: one.cookie, 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': site },
        body: `${fields}&form=${token}`,
      });
      assert.deepEqual([answer.status, answer.headers.get('set-cookie')], [403, null], `${path} ${site}`);
    }
  }
  assert.equal((await account.get('/v1/audit_events?per_page=100')).data.length, before);
  assert.equal((await server.call('GET', '/v1/event_types')).count, 0);
});

test('a page of another site can not send a form in a reader\u2019s name', async () => {
  const account = await server.openAccount('Acme Inc.');
  for (const url of evil.urls) {
    const page = await read(server, { link: await account.link() });
    evil.show(`<form method="post" action="${server.url}/dashboard/keys">
      <input name="type" value="secret"><input name="environment" value="live"></form>
      <script>document.forms[0].submit()</script>`);
    await page.goto(url);
    await page.waitForURL(`${server.url}/dashboard/keys`);
    await page.getByRole('heading', { name: 'This form was not sent' }).waitFor();
  }
  assert.equal((await account.get('/v1/api_keys')).count, 0);
});

test('a page of another site can not show this one in a frame', async () => {
  const account = await server.openAccount('Acme Inc.');
  for (const url of evil.urls) {
    const page = await read(server, { link: await account.link() });
    evil.show(`<iframe src="${server.url}/dashboard/keys"></iframe>`);
    await page.goto(url);
    const frame = page.frames()[1];
    assert.ok(!(await frame.content()).includes('API keys'));
  }
});

test('an allowed site can show the page in a frame, with a cookie for that', async () => {
  const framed = await startServer({
    LATCHHOOK_FRAME_ANCESTORS: 'https://app.example.com,https://*.example.org',
    LATCHHOOK_PUBLIC_URL: 'https://hooks.example.com',
  });
  try {
    const account = await framed.openAccount('Acme Inc.');
    const link = new URL(await account.link());
    assert.equal(link.origin, 'https://hooks.example.com');
    const answer = await confirm(link, framed.url);
    const [cookie, ...attributes] = answer.headers.get('set-cookie').split('; ');
    assert.match(cookie, /^__Host-latchhook=[^;]+$/);
    const lasts = attributes.findIndex((attribute) => /^Max-Age=\d+$/.test(attribute));
    assert.equal(attributes.splice(lasts, 1).length, 1);
    assert.deepEqual(attributes.sort(), ['HttpOnly', 'Partitioned', 'Path=/', 'SameSite=None', 'Secure']);
    const policy = answer.headers.get('content-security-policy');
    assert.match(policy, /frame-ancestors https:\/\/app\.example\.com https:\/\/\*\.example\.org$/);
    assert.equal(answer.headers.get('x-frame-options'), null);
  } finally {
    await framed.stop();
  }
});

// The first breaks out of any HTML context; the second is for links.
const ATTACKS = [
  `<script>window.owned=1</script>"><img src=x onerror="window.owned=1">'><svg onload=window.owned=1></textarea></title></noscript><script>window.owned=1</script>`,
  `javascript:window.owned=1`,
];

/** Opens `path`, and asserts that no input became more than text. */
async function harmless(page, path) {
  await page.goto(path);
  assert.equal(await page.evaluate('window.owned'), undefined, path);
  assert.deepEqual(page.faults, [], path);
  assert.equal(await page.locator('main img, main script, main a[href^="javascript:" i]').count(), 0, path);
}

test('input of users and receivers is always shown as text', async () => {
  for (const [index, attack] of ATTACKS.entries()) {
    await server.call('PUT', '/v1/event_types/report.completed', { description: attack, schema: { description: attack } });
    await server.call('POST', '/v1/accounts', { name: 'Named outside', external_id: `${attack}${index}` });
    const { account, ids } = await filled(attack);
    const page = await read(server, { link: await account.link() });
    for (const path of pages(account, ids)) await harmless(page, path);
    // Attacks in every place that is shown: the receiver's headers and body, a URL, the history, the
    // description of an event type, the event's own data.
    const found = async (path, count) => {
      await page.goto(path);
      const text = await page.locator('main').innerText();
      assert.ok(text.split(attack).length > count, `${path}: ${text}`);
    };
    await found(`/dashboard/logs/${ids.log}`, 2);
    await found(`/dashboard/logs/${ids.request}`, 3);
    await found(`/dashboard/events/${ids.event}`, 0);
    await found('/dashboard/history', 3);
    await page.goto(`/dashboard/webhooks/${ids.webhook}`);
    assert.ok((await page.locator('#edit').textContent()).includes(attack));
    assert.equal(await page.locator('#edit').getByLabel('Description').inputValue(), attack);
    await becomeOperator(page, server);
    await page.getByText(attack, { exact: true }).first().waitFor();
    await found(`/operator/accounts?search=${encodeURIComponent(attack)}`, 1);
    await found('/operator/event-types?edit=report.completed', 0);
    assert.ok((await page.getByLabel('JSON Schema').inputValue()).includes(JSON.stringify(attack)));
    for (const path of [
      '/operator/accounts', '/operator/health', `/operator/accounts/${account.id}`, '/operator/event-types?edit=report.completed',
      `/operator/accounts?search=${encodeURIComponent(attack)}`, `/operator/event-types?edit=${encodeURIComponent(attack)}`,
      `/operator/accounts/${encodeURIComponent(attack)}`, `/operator/accounts?done=${encodeURIComponent(attack)}`,
    ]) await harmless(page, path);
    await page.goto('/operator/event-types');
    await page.getByLabel('Name').fill(attack);
    await page.getByLabel('JSON Schema').fill(attack);
    await page.getByRole('button', { name: 'Save type' }).click();
    await page.locator('#edit .error').first().waitFor();
    assert.equal(await page.getByLabel('JSON Schema').inputValue(), attack);
    assert.equal(await page.evaluate('window.owned'), undefined);
  }
  await server.call('DELETE', '/v1/event_types/report.completed');
});

test('input in the address or in a refused form is shown as text', async () => {
  const { account, ids } = await filled();
  const page = await read(server, { link: await account.link() });
  for (const attack of ATTACKS) {
    const text = encodeURIComponent(attack);
    for (const path of [
      `/dashboard/keys?environment=${text}&done=${text}&key=${text}&cursor=${text}&new=${text}&x=${text}`,
      `/dashboard/webhooks?done=${text}`,
      `/dashboard/webhooks/${ids.webhook}?recovered=${text}&done=${text}&at=${text}&more=${text}`,
      `/dashboard/webhooks/${ids.webhook}/test?type=${text}&object=${text}`,
      `/dashboard/logs?kind=${text}&status=${text}&webhook_id=${text}&event_type=${text}&since=${text}&live=${text}&sent=${text}&left=${text}`,
      `/dashboard/logs?kind=api_request&api_key_id=${text}`,
      `/dashboard/history?subject=${text}&type=${text}`,
      `/dashboard/keys/${text}`,
      `/dashboard?code=${text}`,
      `/${text}`,
    ]) {
      await page.goto(path);
      assert.equal(await page.evaluate('window.owned'), undefined, path);
      assert.deepEqual(page.faults, [], path);
    }
    await page.goto('/dashboard/webhooks');
    const form = page.locator('#new');
    await form.getByLabel('URL').fill(attack);
    await form.getByLabel('Description').fill(attack);
    await form.getByRole('radio', { name: 'Only some' }).check();
    await form.getByRole('textbox', { name: 'Event types' }).fill(attack);
    await form.getByRole('button', { name: 'Add' }).click();
    await form.locator('.error').first().waitFor();
    assert.equal(await form.getByLabel('Description').inputValue(), attack);
    assert.equal(await page.evaluate('window.owned'), undefined);
    assert.deepEqual(page.faults, []);
  }
});
