import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { SCHEMES, SIZES, becomeOperator, closeBrowser, fits, look, read } from './support/browser.mjs';
import { startReceiver } from './support/receiver.mjs';
import { startServer } from './support/server.mjs';

let server, receiver, account, paths;
before(async () => {
  server = await startServer();
  receiver = await startReceiver();
  for (const [name, description] of [
    ['report.created', 'A report was ordered.'], ['report.completed', 'A report is ready.'],
    ['candidate.created', 'A candidate was added.'], ['webhook.tested', 'Only a test.'],
  ]) await server.call('PUT', `/v1/event_types/${name}`, { description });
  account = await server.openAccount('Acme Inc.');
  await account.key({ name: 'Old laptop' }).then(({ id }) => account.post(`/v1/api_keys/${id}/expire`));
  for (let index = 0; index < 9; index += 1) await account.key({ name: `Worker ${index + 1}` });
  await account.key({ name: 'Website', type: 'publishable', environment: 'live' });
  const { id: key, key: text } = await account.key({ name: 'Production', environment: 'live', expires_at: '2099-01-31T09:30:00Z' });
  const { id: webhook } = await account.webhook(`${receiver.url}/hooks`, { event_types: ['report.*'], description: 'Case management', include_object: true });
  await account.post(`/v1/webhooks/${webhook}/rotate_secret`);
  const { id: rolled } = await account.key({ name: 'Rolled' });
  await account.post(`/v1/api_keys/${rolled}/roll`, { expires_at: '2099-01-31T09:30:00Z' });
  await account.webhook(`${receiver.url}/503/a-rather-long-path/that/goes/on/and/on/for/a/while?tenant=12345`, { event_types: ['candidate.created'] });
  for (const type of ['report.created', 'report.completed', 'report.completed', 'candidate.created']) {
    await account.event(type, { status: 'clear', uri: '/v1/reports/rep_1' });
  }
  const { id: event } = await account.event('candidate.created', { email: 'ada@example.com' });
  await account.until(`/v1/events/${event}`, ({ deliveries }) => deliveries[0].attempts === 3);
  await server.call('GET', '/v1/webhooks', undefined, { credential: `Bearer ${text}` });
  const [log] = (await account.get(`/v1/logs?event_id=${event}`)).data;
  const [request] = (await account.get('/v1/logs?kind=api_request')).data;
  paths = {
    keys: '/dashboard/keys', key: `/dashboard/keys/${key}`, 'keys-new': '/dashboard/keys?new=1',
    'key-rolled': `/dashboard/keys/${rolled}`, 'webhook-test': `/dashboard/webhooks/${webhook}/test?type=report.completed`,
    webhooks: '/dashboard/webhooks', webhook: `/dashboard/webhooks/${webhook}`,
    logs: '/dashboard/logs', requests: '/dashboard/logs?kind=api_request',
    log: `/dashboard/logs/${log.id}`, request: `/dashboard/logs/${request.id}`,
    event: `/dashboard/events/${event}`, events: '/dashboard/events',
    'webhook-statement': `/dashboard/webhooks/${webhook}?statement=day`, history: '/dashboard/history',
    'history-of-one': `/dashboard/history?subject=${webhook}`, nowhere: '/dashboard/nowhere',
    accounts: '/operator/accounts', account: `/operator/accounts/${account.id}`,
    types: '/operator/event-types', health: '/operator/health', operational: '/operator/webhooks',
  };
});
after(async () => {
  await closeBrowser();
  await server.stop();
  await receiver.stop();
});

/** Largest size of a first view in bytes, with all of its files. */
const LIGHT = 60_000;

for (const size of Object.keys(SIZES)) {
  for (const scheme of SCHEMES) {
    test(`every page renders without faults (${size}, ${scheme})`, async () => {
      const page = await read(server, { link: await account.link(), size, scheme });
      await becomeOperator(page, server);
      for (const [name, path] of Object.entries(paths)) {
        await page.goto(path);
        await look(page, `${name}-${size}-${scheme}`);
      }
    });
  }
}

test('a first view is small, and its layout does not shift', async () => {
  // Pages with as much content as they can have.
  const types = Array.from({ length: 96 }, (_, index) => `load.type_${index}`);
  for (const type of types) await server.call('PUT', `/v1/event_types/${type}`, { description: 'One of many.' });
  for (let index = 0; index < 20; index += 1) await account.key({ name: `More ${index}` });
  for (let index = 0; index < 20; index += 1) await account.event('report.completed');
  const looked = Object.entries(paths).filter(([, path]) => path.startsWith('/dashboard'));
  for (const [place, [name, path]] of looked.entries()) {
    const page = await read(server, { size: place % 2 ? 'desktop' : 'phone' });
    // Signs in without opening a page, so that the browser's cache is empty.
    const form = { code: new URL(await account.link()).searchParams.get('code') };
    const headers = { 'sec-fetch-site': 'same-origin' };
    await page.context().request.post('/dashboard', { form, headers, maxRedirects: 0 });
    const sizes = [];
    // What is still under way when the page is closed has no size, and is no part of a first view.
    const none = { responseHeadersSize: 0, responseBodySize: 0 };
    page.on('requestfinished', (request) => sizes.push(request.sizes().catch(() => none)));
    await page.addInitScript(() => {
      window.moved = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) window.moved += entry.value;
      }).observe({ type: 'layout-shift', buffered: true });
    });
    // On a network on which a page arrives in pieces.
    const network = await page.context().newCDPSession(page);
    const slow = { offline: false, latency: 20, downloadThroughput: 60_000, uploadThroughput: -1 };
    await network.send('Network.emulateNetworkConditions', slow);
    await page.goto(path, { waitUntil: 'networkidle' });
    const transferred = (sum, sizes) => sum + sizes.responseHeadersSize + sizes.responseBodySize;
    const bytes = (await Promise.all(sizes)).reduce(transferred, 0);
    assert.ok(bytes > 10_000 && bytes < LIGHT, `${name}: ${bytes} bytes`);
    const moved = await page.evaluate('window.moved');
    assert.equal(moved, 0, `${name} moved`);
    await page.context().close();
  }
});

test('compressed and uncompressed files are the same', async () => {
  const html = await (await fetch(`${server.url}/dashboard/signed-out`)).text();
  for (const href of new Set(html.match(/\/dashboard\/assets\/[^"#]+/g))) {
    const [small, large] = await Promise.all(['deflate', 'identity'].map(
      (encoding) => fetch(server.url + href, { headers: { 'accept-encoding': encoding } }),
    ));
    assert.deepEqual([small, large].map((answer) => answer.headers.get('content-encoding')), ['deflate', null], href);
    assert.ok(small.headers.get('content-length') * 2.5 < large.headers.get('content-length'), href);
    assert.equal(await small.text(), await large.text());
  }
});

test('a page is compressed for whom it was asked by, and for no other site', async () => {
  const href = `${server.url}/dashboard/signed-out`;
  const coding = async (path, headers) => {
    const answer = await fetch(path, { headers });
    return [answer.headers.get('content-encoding'), await answer.text()];
  };
  const page = await read(server, { link: await account.link() });
  const [{ name, value }] = await page.context().cookies();
  const get = (site) => coding(`${server.url}/dashboard/logs?x=${'y'.repeat(99)}`, {
    cookie: `${name}=${value}`, 'accept-encoding': 'gzip', ...(site && { 'sec-fetch-site': site }),
  });
  const [[own, packed], [bar], [foreign, plain], [unknown]] = await Promise.all(['same-origin', 'none', 'cross-site', null].map(get));
  assert.deepEqual([own, bar, foreign, unknown], ['gzip', 'gzip', null, null]);
  const steady = (html) => html.replace(/<time.*?<\/time>|since=[^"]+/g, '');
  assert.equal(steady(packed), steady(plain));
  assert.deepEqual((await coding(href, { 'accept-encoding': 'identity', 'sec-fetch-site': 'none' }))[0], null);
  await page.goto('/dashboard/logs');
  const sent = await page.evaluate(() => performance.getEntriesByType('navigation')[0]);
  assert.ok(sent.encodedBodySize * 3 < sent.decodedBodySize, JSON.stringify(sent));
});

test('every page fits from the narrowest window to a wide one', async () => {
  const page = await read(server, { link: await account.link() });
  await becomeOperator(page, server);
  for (const [name, path] of Object.entries(paths)) {
    await page.goto(path);
    for (const width of [320, 600, 800, 1000, 1060, 1920]) {
      await page.setViewportSize({ width, height: 900 });
      await fits(page, `${name} at ${width}`);
    }
  }
});

test('there is no motion for readers who prefer reduced motion', async () => {
  const page = await read(server, { link: await account.link() });
  const moving = await page.evaluate(() => [...document.querySelectorAll('*')].filter((element) => {
    const style = getComputedStyle(element);
    return style.animationName !== 'none' || style.transitionDuration.split(', ').some((time) => time !== '0s');
  }).map((element) => element.outerHTML));
  assert.deepEqual(moving, []);
});
