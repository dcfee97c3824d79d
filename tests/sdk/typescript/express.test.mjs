// Requests to Express whose caller leaves before the answer.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';

import express from 'express';
import { Gate } from 'latchhook';
import { requireKey } from 'latchhook/express';

import { KEY, ok, server, VALID } from './fakes.mjs';

test('a request whose caller has gone is logged as 499', async () => {
  const asked = server(ok(VALID), ok({ count: 1 }, 202));
  const gate = new Gate({ url: 'http://latchhook.test', token: 'lhop_1', fetch: asked.fetch });
  const app = express();
  const leave = new AbortController();
  app.get('/slow', requireKey(gate), (_, response) => {
    app.emit('closed', once(response, 'close'));
    leave.abort();
  });
  const closed = once(app, 'closed');
  const listener = app.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const url = `http://127.0.0.1:${listener.address().port}/slow`;
  const headers = { authorization: `Bearer ${KEY}` };
  await assert.rejects(fetch(url, { headers, signal: leave.signal }), { name: 'AbortError' });
  await (await closed)[0];
  await gate.close();
  listener.close();
  listener.closeAllConnections();
  assert.equal(asked.bodies()[1].request_logs[0].status, 499);
});
