// Admission by keys.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';

import { Gate, keyOf, may } from 'latchhook';

import { error, KEY, lost, ok, refused, server, VALID } from './fakes.mjs';

const INCOMING = {
  method: 'GET',
  path: '/reports',
  authorization: `Bearer ${KEY}`,
  ip: '203.0.113.7',
  userAgent: 'curl/8',
};

function gate({ fetch }, options) {
  const retries = { tries: 2, sleep: async () => {} };
  return new Gate({ url: 'http://latchhook.test', token: 'lhop_1', fetch, retries, ...options });
}

const answer = ({ admitted, status, body }) => [admitted, status, body.code];

test('a good key says who calls', async () => {
  const asked = server(ok(VALID));
  const checks = gate(asked, { environment: 'test', keyType: 'secret', log: false });
  const { caller } = await checks.admit(INCOMING, ['reports:read']);
  assert.deepEqual([caller.accountId, caller.accountExternalId], ['acct_1', 'cust_42']);
  assert.deepEqual([caller.keyId, caller.metadata], ['key_1', { plan: 'free' }]);
  assert(may(caller, 'reports:read') && !may(caller, 'reports:write'));
  assert(!JSON.stringify(caller).includes(KEY));
  const question = { key: KEY, scopes: ['reports:read'], environment: 'test', type: 'secret' };
  assert.deepEqual(asked.bodies(), [question]);
});

test('a key that is not good is refused', async () => {
  for (const [code, status] of [
    ['not_found', 401],
    ['expired', 401],
    ['insufficient_scope', 403],
    ['rate_limited', 429],
  ]) {
    assert.deepEqual(answer(await gate(server(ok(refused(code)))).admit(INCOMING)), [
      false,
      status,
      code,
    ]);
  }
});

test('no key and no possible key are refused', async () => {
  const none = await gate(server()).admit({ method: 'GET', path: '/' });
  assert.deepEqual(answer(none), [false, 401, 'missing_key']);
  const odd = await gate(server(error(422, 'invalid_field', { param: 'key' }))).admit(INCOMING);
  assert.deepEqual(answer(odd), [false, 401, 'not_found']);
});

test('a key with networks is asked about again with the address', async () => {
  const asked = server(ok(refused('ip_not_allowed')), ok(VALID));
  const checks = gate(asked);
  const { answered } = await checks.admit(INCOMING);
  assert.equal(asked.bodies()[1].request.ip, '203.0.113.7');
  // That question was logged by the server.
  answered(200);
  await checks.close();
  assert.equal(asked.requests.length, 2);
});

test('it fails closed or open, as was said', async () => {
  const away = () => server(lost, error(503, 'unavailable'));
  assert.deepEqual(answer(await gate(away()).admit(INCOMING)), [false, 503, 'unavailable']);
  const open = await gate(away(), { onFailure: 'admit' }).admit(INCOMING);
  assert.deepEqual([open.admitted, open.caller], [true, null]);
});

test('a wrong token opens nothing', async () => {
  const checks = gate(server(error(401, 'bad_authentication')), { onFailure: 'admit' });
  assert.deepEqual(answer(await checks.admit(INCOMING)), [false, 503, 'unavailable']);
});

test('rows are sent together after the answers', async () => {
  const asked = server(ok(VALID), ok(VALID), ok({ count: 2 }, 202));
  const checks = gate(asked);
  for (const status of [200, 404]) (await checks.admit(INCOMING)).answered(status);
  assert.equal(asked.requests.length, 2);
  await checks.close();
  const { request, body } = asked.requests[2];
  assert.equal(request.headers.get('Latchhook-Account'), 'acct_1');
  const rows = JSON.parse(body).request_logs;
  assert.deepEqual(
    rows.map((row) => row.status),
    [200, 404],
  );
  assert.deepEqual([rows[0].api_key_id, rows[0].ip], ['key_1', '203.0.113.7']);
  assert(!body.includes(KEY));
});

test('rows that cannot be sent are lost with a warning without secrets', async () => {
  const checks = gate(server(ok(VALID), error(403, 'permission_denied')));
  const warned = once(process, 'warning');
  (await checks.admit(INCOMING)).answered(200);
  await checks.close();
  const [{ message }] = await warned;
  assert.match(message, /^1 rows of request logs were lost: 403 permission_denied/);
  assert(!message.includes(KEY));
});

test('a key is a Bearer token or the user of Basic', () => {
  const basic = (text) => `Basic ${Buffer.from(text, 'latin1').toString('base64')}`;
  for (const [given, key] of [
    [`Bearer ${KEY}`, KEY],
    [`bearer  ${KEY} `, KEY],
    [basic(`${KEY}:`), KEY],
    [basic(`${KEY}:secret`), KEY],
    [basic(':secret'), null],
    [basic('\xff'), null],
    ['Basic ???', null],
    ['Digest x', null],
    ['Bearer', null],
    [undefined, null],
  ]) {
    assert.equal(keyOf(given), key, given);
  }
});
