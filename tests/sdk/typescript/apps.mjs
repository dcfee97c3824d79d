// The same API behind Express and behind Fastify, each on a free port.
import { once } from 'node:events';

import express from 'express';
import fastify from 'fastify';
import { Gate } from 'latchhook';
import { requireKey as forExpress } from 'latchhook/express';
import { requireKey as forFastify } from 'latchhook/fastify';

const shown = ({ accountId, keyId, name, metadata }) => ({
  account_id: accountId,
  key_id: keyId,
  name,
  plan: metadata.plan ?? null,
});

async function onExpress(options) {
  const gate = new Gate(options);
  const app = express();
  app.use(forExpress(gate, 'reports:read'));
  app.get('/reports', (request, response) => response.json(shown(request.latchhook)));
  app.get('/reports/missing', (_, response) => response.status(404).json({}));
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    server.close();
    server.closeAllConnections();
    await gate.close();
  };
  return { url: `http://127.0.0.1:${server.address().port}`, close };
}

async function onFastify(options) {
  const gate = new Gate(options);
  const app = fastify({ forceCloseConnections: true });
  const onRequest = forFastify(gate, 'reports:read');
  app.get('/reports', { onRequest }, async (request) => shown(request.latchhook));
  app.get('/reports/missing', { onRequest }, async (_, reply) => reply.code(404).send({}));
  app.addHook('onClose', () => gate.close());
  return { url: await app.listen({ port: 0, host: '127.0.0.1' }), close: () => app.close() };
}

export const APPS = { express: onExpress, fastify: onFastify };
