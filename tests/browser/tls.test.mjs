// What is told of a receiver whose certificate is not accepted: the detail that helps to mend it.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { closeBrowser, look, read } from './support/browser.mjs';
import { Authority } from './support/certificates.mjs';
import { startServer } from './support/server.mjs';

const authority = new Authority();
const [past, ended, day] = [new Date('2020-06-01T00:00:00Z'), new Date('2021-01-01T10:20:00Z'), 864e5];
const [yesterday, tomorrow] = [new Date(Date.now() - day), new Date(Date.now() + day)];

const receivers = [];
let directory, server;
before(async () => {
  directory = mkdtempSync(join(tmpdir(), 'latchhook-tls-'));
  writeFileSync(join(directory, 'ca.pem'), authority.pem);
  server = await startServer({ LATCHHOOK_EXTRA_CA_FILE: join(directory, 'ca.pem') });
  const certificates = [
    authority.server('127.0.0.1', past, ended),
    authority.server('hooks.other.example', yesterday, tomorrow),
    new Authority().server('127.0.0.1', yesterday, tomorrow),
    authority.server('127.0.0.1', yesterday, tomorrow),
  ];
  for (const certificate of certificates) {
    const receiver = createServer(certificate, (_, answer) => answer.end('ok')).listen(0, '127.0.0.1');
    receivers.push(receiver);
    await once(receiver, 'listening');
  }
});
after(async () => {
  await closeBrowser();
  await server.stop();
  for (const receiver of receivers) receiver.close();
  rmSync(directory, { recursive: true, force: true });
});

for (const [scripts, size] of [[true, 'desktop'], [false, 'phone']]) {
  test(`a certificate that is not accepted is told with its names or its end (${size}, scripts ${scripts ? 'on' : 'off'})`, async () => {
    const [expired, misnamed, foreign, good] = receivers.map((receiver) => `https://127.0.0.1:${receiver.address().port}/hooks`);
    for (const [name, url, told] of [
      ['expired', expired, /^The host's certificate expired on 2021-01-01 10:20 UTC\./],
      ['misnamed', misnamed, /^The host's certificate is for another name: hooks\.other\.example\./],
      ['foreign', foreign, /^The host's certificate is not signed by a trusted authority/],
    ]) {
      const account = await server.openAccount('Acme Inc.');
      const { id } = await account.webhook(url);
      await account.event();
      const page = await read(server, { link: await account.link(), scripts, size });
      await page.goto(`/dashboard/logs?webhook_id=${id}`);
      await page.locator('#rows tbody tr').first().getByText('TLS error').waitFor();
      await page.locator('#rows tbody tr').first().getByRole('link').click();
      const why = page.locator('main > .alert');
      await why.waitFor();
      assert.match(await why.innerText(), told);
      await look(page, `log-tls-${name}-${size}`);
    }
    const account = await server.openAccount('Acme Inc.');
    await account.webhook(good);
    const { deliveries } = await account.event();
    assert.equal(deliveries[0].status, 'delivered');
  });
}
