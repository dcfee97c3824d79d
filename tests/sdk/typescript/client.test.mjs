// Errors, retries and pages.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';

import { ApiError, isApiError, UnreachableError } from 'latchhook';

import { client, error, lost, ok, server, text } from './fakes.mjs';

const ACCOUNT = { id: 'acct_1', name: 'Acme' };
const PATH = { path: { id: 'acct_1' } };
const caught = (promise) =>
  promise.then(
    () => assert.fail('it succeeded'),
    (failure) => failure,
  );

async function post(answers, policy) {
  const asked = server(...answers);
  const slept = [];
  const call = client(asked, slept, policy).post('/v1/accounts', { body: { name: 'Acme' } });
  const failure = await call.then(
    () => null,
    (failure) => failure,
  );
  return { requests: asked.requests, slept, failure };
}

const keyOf = ({ request }) => request.headers.get('Idempotency-Key');

test('an error has its code, param and request', async () => {
  const failure = await caught(
    client(server(error(422, 'invalid_field', { param: 'name' }))).get('/v1/account'),
  );
  assert(failure instanceof ApiError);
  assert.deepEqual(
    [failure.status, failure.code, failure.param, failure.requestId],
    [422, 'invalid_field', 'name', 'req_1'],
  );
  assert.equal(failure.message, '422 invalid_field (name): No. [req_1]');
  assert(isApiError(failure, 'invalid_field') && !isApiError(failure, 'conflict'));
});

test('an answer of somebody else is an error without a code', async () => {
  const failure = await caught(client(server(text(403, '<h1>proxy</h1>'))).get('/v1/account'));
  assert.equal(failure.code, null);
});

test('no text of a client or of an error has the token', async () => {
  const latchhook = client(server(lost), [], { tries: 1 });
  const failure = await caught(latchhook.get('/v1/account'));
  assert(failure instanceof UnreachableError);
  assert(!(inspect(latchhook) + failure.message).includes('lhop_token'));
});

test('all tries of a call carry one key, and calls differ in theirs', async () => {
  const { requests, slept, failure } = await post([
    lost,
    error(503, 'unavailable'),
    ok(ACCOUNT, 201),
  ]);
  assert.equal(failure, null);
  const keys = new Set(requests.map(keyOf));
  assert.deepEqual([requests.length, keys.size, slept], [3, 1, [0.25, 0.5]]);
  assert.deepEqual(new Set(requests.map(({ body }) => body)), new Set(['{"name":"Acme"}']));
  const other = await post([ok(ACCOUNT, 201)]);
  assert(!keys.has(keyOf(other.requests[0])));
});

test('a key of the caller’s own is kept', async () => {
  const asked = server(ok(ACCOUNT, 201));
  const params = { header: { 'Idempotency-Key': 'mine' } };
  await client(asked).post('/v1/accounts', { params, body: { name: 'Acme' } });
  assert.equal(keyOf(asked.requests[0]), 'mine');
});

test('Retry-After is waited for, unless it is too long', async () => {
  const limited = (after) => error(429, 'rate_limited', { headers: { 'Retry-After': after } });
  const waited = await post([limited('7'), ok(ACCOUNT, 201)]);
  assert.deepEqual([waited.slept, waited.failure], [[7], null]);
  const { slept, failure } = await post([limited('61')]);
  assert.deepEqual([slept, failure.code, failure.retryAfter], [[], 'rate_limited', 61]);
});

test('jitter shortens the pause', async () => {
  const { slept } = await post([error(503, 'unavailable'), ok(ACCOUNT, 201)], {
    jitter: () => 0.1,
  });
  assert.deepEqual(slept, [0.025]);
});

test('the last error is thrown when there are no more tries', async () => {
  const { requests, failure } = await post([lost, lost, lost, error(503, 'unavailable')]);
  assert.deepEqual([requests.length, failure.code], [4, 'unavailable']);
});

test('a first try that is still running is waited for', async () => {
  const running = error(409, 'idempotency_in_progress');
  const { requests, failure } = await post([lost, running, ok(ACCOUNT, 201)]);
  assert.deepEqual([requests.length, failure], [3, null]);
});

test('an error that a repeat cannot mend is not repeated', async () => {
  for (const [status, code] of [
    [500, 'internal'],
    [409, 'conflict'],
    [422, 'missing_field'],
  ]) {
    const { requests, failure } = await post([error(status, code)]);
    assert.deepEqual([requests.length, failure.code], [1, code]);
  }
});

test('what may have been done is repeated only where that does no harm', async () => {
  const change = (latchhook) =>
    latchhook.patch('/v1/accounts/{id}', { params: PATH, body: { name: 'B' } });
  const remove = (latchhook) => latchhook.delete('/v1/accounts/{id}', { params: PATH });
  const redeem = (latchhook) =>
    latchhook.post('/v1/portal_sessions/redeem', { body: { code: 'lhps_1' } });
  const tries = async (answer, call) => {
    const asked = server(answer, answer, answer, answer);
    await caught(call(client(asked)));
    return asked.requests.length;
  };
  for (const [call, unsure] of [
    [change, 4],
    [remove, 1],
    [redeem, 1],
  ]) {
    assert.equal(await tries(lost, call), unsure);
    assert.equal(await tries(text(502, 'bad gateway'), call), unsure);
    assert.equal(await tries(error(503, 'unavailable'), call), 4);
  }
});

test('a call that its caller gave up is not repeated', async () => {
  const control = new AbortController();
  const asked = server(() => {
    control.abort(new Error('enough'));
    throw new TypeError('fetch failed');
  });
  await caught(client(asked).get('/v1/account', { signal: control.signal }));
  assert.equal(asked.requests.length, 1);
});

test('rows of all pages follow each other, and pages come when needed', async () => {
  const page = (name, next_href) => ok({ object: 'list', data: [{ name }], next_href });
  const asked = server(page('A', '/v1/accounts?per_page=1&cursor=a%2Bb'), page('B', null));
  const rows = client(asked).iterate('/v1/accounts', { params: { query: { per_page: 1 } } });
  assert.equal((await rows.next()).value.name, 'A');
  assert.equal(asked.requests.length, 1);
  assert.equal((await rows.next()).value.name, 'B');
  assert((await rows.next()).done);
  assert.equal(new URL(asked.requests[1].request.url).search, '?per_page=1&cursor=a%2Bb');
});
