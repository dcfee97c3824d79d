// A customer's endpoint: answers as its path says, and records requests.
import { createServer } from 'node:http';
import { once } from 'node:events';

export async function startReceiver() {
  const received = [];
  const mended = new Set();
  const server = createServer((request, response) => {
    const body = [];
    request.on('data', (chunk) => body.push(chunk));
    request.on('end', () => {
      received.push({ url: request.url, headers: request.headers, body: Buffer.concat(body) });
      // /503/… answers 503 until it is mended; /flaky answers 503 until an event comes again; anything else answers 200, and /slow after
      // more than a second. The parameter `say` is the answer's body.
      const { pathname, searchParams } = new URL(request.url, 'http://receiver');
      const event = request.headers['webhook-id'];
      const times = received.filter((one) => one.url === request.url && one.headers['webhook-id'] === event).length;
      const flaky = pathname === '/flaky' && times === 1;
      const fails = flaky ? 503 : Number(pathname.match(/^\/(\d{3})\b/)?.[1] ?? 200);
      const status = mended.has(pathname) ? 200 : fails;
      response.writeHead(status, { 'content-type': 'text/html', 'x-said': searchParams.get('head') ?? 'nothing' });
      setTimeout(() => response.end(searchParams.get('say') ?? 'ok'), pathname === '/slow' ? 1100 : 0);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    received,
    mend: (path) => mended.add(path),
    url: `http://127.0.0.1:${server.address().port}`,
    stop: () => new Promise((done) => { server.closeAllConnections(); server.close(done); }),
  };
}
