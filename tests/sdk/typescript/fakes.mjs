// A server that answers what a test says, and keeps what it was asked.
import { Latchhook } from 'latchhook';

export const KEY = 'lh_sk_test_wellKnownOnlyToItsOwner';
export const VALID = {
  object: 'verification',
  valid: true,
  code: 'valid',
  account_id: 'acct_1',
  account_external_id: 'cust_42',
  key_id: 'key_1',
  environment: 'test',
  type: 'secret',
  expires_at: null,
  name: 'laptop',
  scopes: ['reports:read'],
  metadata: { plan: 'free' },
  rate_limit: null,
  missing_scopes: null,
};

export const refused = (code) => {
  const nothing = Object.fromEntries(Object.keys(VALID).map((name) => [name, null]));
  return { ...nothing, object: 'verification', valid: false, code };
};

export const error =
  (status, code, { param = null, headers = {} } = {}) =>
  () =>
    Response.json({ error: 'No.', code, param, request_id: 'req_1' }, { status, headers });

export const ok =
  (body, status = 200) =>
  () =>
    Response.json(body, { status });

export const text = (status, body) => () => new Response(body, { status });

export const lost = () => {
  throw new TypeError('fetch failed: lhop_token');
};

// Each request gets the next of the answers.
export function server(...answers) {
  const requests = [];
  const fetch = async (request) => {
    requests.push({ request, body: await request.clone().text() });
    return answers.shift()();
  };
  return { fetch, requests, bodies: () => requests.map(({ body }) => JSON.parse(body)) };
}

// A client whose pauses are kept in `slept`, and not waited for.
export function client({ fetch }, slept = [], policy = {}) {
  const sleep = async (seconds) => slept.push(seconds);
  const retries = { sleep, jitter: () => 1, ...policy };
  return new Latchhook({ url: 'http://latchhook.test', token: 'lhop_token', fetch, retries });
}
