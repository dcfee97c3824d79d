// Verification of deliveries.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { InvalidDelivery, verifyDelivery } from 'latchhook';
import { Webhook } from 'standardwebhooks';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const OTHER = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
const BODY = '{"type":"report.completed"}';

function headers({ prefix = 'webhook', late = 0, secret = SECRET } = {}) {
  const sent = new Date(Date.now() - late * 1000);
  return {
    [`${prefix}-Id`]: 'evt_1',
    [`${prefix}-Timestamp`]: String(Math.floor(sent / 1000)),
    [`${prefix}-Signature`]: new Webhook(secret).sign('evt_1', sent, BODY),
  };
}

test('a signed delivery is read, from bytes and from headers of either kind', () => {
  assert.equal(verifyDelivery(BODY, headers(), SECRET).type, 'report.completed');
  assert.equal(
    verifyDelivery(Buffer.from(BODY), new Headers(headers()), SECRET).type,
    'report.completed',
  );
});

test('any of several secrets will do', () => {
  assert(verifyDelivery(BODY, headers(), [OTHER, SECRET]));
});

test('headers have the prefix that is said', () => {
  for (const prefix of ['svix', 'x-acme']) {
    assert(verifyDelivery(BODY, headers({ prefix }), SECRET, { prefix }));
    assert.throws(() => verifyDelivery(BODY, headers({ prefix }), SECRET), InvalidDelivery);
  }
});

test('what is not of this webhook is refused', () => {
  for (const [body, given, secrets] of [
    [BODY + ' ', headers(), SECRET],
    [BODY, headers({ secret: OTHER }), SECRET],
    [BODY, headers({ late: 302 }), SECRET],
    [BODY, headers({ late: -302 }), SECRET],
    [BODY, {}, SECRET],
    [BODY, { ...headers(), 'webhook-Signature': 'v1' }, SECRET],
    [Uint8Array.of(0xff), headers(), SECRET],
    [BODY, headers(), []],
  ]) {
    assert.throws(() => verifyDelivery(body, given, secrets), InvalidDelivery);
  }
});
