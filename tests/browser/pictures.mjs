// Takes the two pictures of the README into docs/. Not a test: run it when the page looks different.
//
//   LATCHHOOK_BIN=… LATCHHOOK_BROWSER_MODULES=… node tests/browser/pictures.mjs
import { join } from 'node:path';

import { closeBrowser, read } from './support/browser.mjs';
import { startReceiver } from './support/receiver.mjs';
import { startServer } from './support/server.mjs';

const docs = join(import.meta.dirname, '../../docs');
const server = await startServer({ LATCHHOOK_RETRY_SCHEDULE: '3x1s,6x1h' });
const receiver = await startReceiver();
try {
  const account = await server.openAccount('Acme Inc.');
  const long = { expires_at: new Date(Date.now() + 90 * 864e5).toISOString() };
  await account.key({ name: 'Website', type: 'publishable' });
  await account.key({ name: 'CI' });
  await account.key({ name: 'Website', type: 'publishable', environment: 'live' });
  const { key } = await account.key({ name: 'Production', environment: 'live', ...long });
  await server.call('GET', '/v1/webhooks', undefined, { credential: `Bearer ${key}` });
  const page = await read(server, { link: await account.link() });
  const take = async (name, path, height) => {
    await page.setViewportSize({ width: 1120, height });
    await page.goto(`/dashboard/${path}`);
    await page.waitForLoadState('networkidle');
    await page.screenshot({ path: join(docs, `${name}.png`) });
  };
  await take('keys', 'keys', 640);
  await account.webhook(`${receiver.url}/503/hooks`);
  const { id } = await account.event('report.completed', { id: 'rep_4722c07dd9a10c3985ae432a', status: 'clear' });
  await account.until(`/v1/events/${id}`, ({ deliveries }) => deliveries[0].attempts === 4);
  const [log] = (await account.get(`/v1/logs?event_id=${id}`)).data;
  await take('delivery', `logs/${log.id}`, 1000);
} finally {
  await closeBrowser();
  await server.stop();
  await receiver.stop();
}
