// Every word of the pages comes from the file of words: all of them are marked there, and no other is found.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { closeBrowser, fits, read } from './support/browser.mjs';
import { startReceiver } from './support/receiver.mjs';
import { startServer } from './support/server.mjs';

let directory, server, receiver, account, paths;
before(async () => {
  directory = mkdtempSync(join(tmpdir(), 'latchhook-words-'));
  const english = execFileSync(process.env.LATCHHOOK_BIN, ['words'], { encoding: 'utf8' });
  const marked = english.replace(/ = "(.*)"$/gm, (_, text) => ` = "${text.replace(/[^{}]+(?![^{]*})/g, '‹$&›')}"`);
  writeFileSync(join(directory, 'words.toml'), marked.replace('‹en›', 'en'));
  server = await startServer({
    LATCHHOOK_WORDS_FILE: join(directory, 'words.toml'),
    LATCHHOOK_JURISDICTIONS: 'US=‹United States›,CA=‹Canada›',
  });
  receiver = await startReceiver();
  for (const name of ['report.created', 'report.completed']) await server.call('PUT', `/v1/event_types/${name}`, {});
  account = await server.openAccount('a1');
  const { id: key, key: text } = await account.key({ name: 'k1', expires_at: '2099-01-31T09:30:00Z' });
  const { id: rolled } = await account.key({ name: 'k2' });
  await account.post(`/v1/api_keys/${rolled}/roll`, { expires_at: '2099-01-31T09:30:00Z' });
  const { id: good } = await account.webhook(`${receiver.url}/good?say={"a":1}`, { event_types: ['report.*'] });
  await account.post(`/v1/webhooks/${good}/rotate_secret`);
  const { id: bad } = await account.webhook(`${receiver.url}/503/bad`, { event_types: ['report.created'] });
  const { id: off } = await account.webhook(`${receiver.url}/off`);
  await server.call('PATCH', `/v1/webhooks/${off}`, { status: 'disabled' }, { account: account.id });
  const { id: event } = await account.event('report.created');
  await account.until(`/v1/events/${event}`, ({ deliveries }) => deliveries.some(({ attempts }) => attempts === 3));
  await server.call('GET', '/v1/webhooks', undefined, { credential: `Bearer ${text}` });
  const [log] = (await account.get(`/v1/logs?webhook_id=${bad}`)).data;
  const [request] = (await account.get('/v1/logs?kind=api_request')).data;
  paths = [
    '/keys', '/keys?new=1&expired=1', '/keys?environment=live', `/keys/${key}`, `/keys/${rolled}`, `/keys/${key}/limits`,
    '/webhooks', `/webhooks/${good}`, `/webhooks/${bad}`, `/webhooks/${off}`, `/webhooks/${good}/test?type=report.created`,
    '/logs', '/logs?status=failed&environment=test&since=2026-01-31T09:30', '/logs?event_type=no.one', '/logs?since=never',
    '/logs?kind=api_request', `/logs/${log.id}`, `/logs/${request.id}`, `/events/${event}`, '/history', '/history?subject=key_1', '/nowhere',
  ].map((path) => `/dashboard${path}`);
});
after(async () => {
  await closeBrowser();
  await server.stop();
  await receiver.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** Returns what a reader sees or hears on the page that is not marked: neither words nor data of ours. */
function unmarked() {
  const data = 'code, pre, .url, .mono, time, ins, del, output, textarea, .who';
  const is = (text) => /[A-Za-z]{2}/.test(text) && !text.includes('‹');
  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { parentElement: around, textContent: text } = texts.currentNode;
    if (is(text) && !around.closest(data)) found.push(text.trim());
  }
  for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'data-label']) {
    for (const element of document.querySelectorAll(`[${name}]`)) {
      const text = element.getAttribute(name);
      if (is(text) && !element.closest('time, .who')) found.push(`${name}: ${text}`);
    }
  }
  found.push(...[document.title].filter(is));
  return [...new Set(found)];
}

/** Data of this account, and examples. */
const DATA = [
  /^(k1|k2|a1)$/, /^(key|wh|evt|log|acct|ps|req)_[0-9a-z]+/, /http:\/\/127\.0\.0\.1/, /^report\.(created|completed|\*)/, /^webhook\.ping$/, /^rep_1$/,
  /^(GET|POST) \//, /^(placeholder: )?(https?:\/\/|whsec_…|evt_…|rep_…|req_…|report\.completed|\/v1\/|webhook\.updated)/, /^(Python|JavaScript \(Node\.js\)|Go|Ruby|Java)$/,
  /^127\.0\.0\.1$/, /^node$/, /^(failed|no\.one|never)$/,
];

test('no word of a page stands elsewhere than in the file of words, and longer ones have room', async () => {
  const page = await read(server);
  await page.goto(await account.link());
  assert.deepEqual(await page.evaluate(unmarked), []);
  await page.getByRole('button', { name: '‹Sign in›' }).click();
  await page.waitForURL('**/dashboard/keys');
  const faults = [];
  for (const path of paths) {
    await page.goto(path);
    for (const fold of await page.locator('details:not([open]) > summary').all()) if (await fold.isVisible()) await fold.click();
    const found = (await page.evaluate(unmarked)).filter((text) => !DATA.some((data) => data.test(text)));
    faults.push(...found.map((text) => `${path}: ${text}`));
    await page.setViewportSize({ width: 320, height: 900 });
    await fits(page, path).catch((wide) => faults.push(wide.message));
    await page.setViewportSize({ width: 1280, height: 900 });
  }
  assert.deepEqual(faults, []);
});
