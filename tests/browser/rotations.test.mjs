import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { closeBrowser, look, read } from './support/browser.mjs';
import { startReceiver } from './support/receiver.mjs';
import { startServer } from './support/server.mjs';

let server, receiver;
before(async () => {
  server = await startServer();
  receiver = await startReceiver();
});
after(async () => {
  await closeBrowser();
  await server.stop();
  await receiver.stop();
});

for (const [scripts, size] of [[true, 'desktop'], [false, 'phone']]) {
  const how = `${size}, scripts ${scripts ? 'on' : 'off'}`;

  test(`a rotated secret says until when the earlier one signs, and the rotation is finished or undone (${how})`, async () => {
    const account = await server.openAccount('Acme Inc.');
    const { id, signing_secret: first } = await account.webhook(`${receiver.url}/${size}`);
    const secret = async () => (await account.post(`/v1/webhooks/${id}/reveal_secret`)).signing_secret;
    const signatures = async () => {
      await account.event();
      return receiver.received.filter(({ url }) => url === `/${size}`).at(-1).headers['webhook-signature'].split(' ').length;
    };
    const page = await read(server, { link: await account.link(), scripts, size });
    const rotate = async () => {
      await page.goto(`/dashboard/webhooks/${id}`);
      assert.equal(await page.locator('#rotation').count(), 0);
      await page.getByRole('button', { name: 'Rotate secret' }).click();
      await page.getByText('Signing secret rotated.').waitFor();
    };
    await rotate();
    const second = await secret();
    assert.equal(await signatures(), 2);
    await page.reload();
    const overlap = page.locator('#rotation');
    const told = await overlap.innerText();
    assert.match(told, /Two secrets sign.*signs as well until .*2026|Two secrets sign/s);
    assert.match(told, /in (23 hours|1 day|24 hours)|tomorrow/);
    assert.match(told, /Attempts since, each with both signatures: 1; acknowledged: 1/);
    await look(page, `webhook-overlap-${size}`);

    await overlap.getByRole('button', { name: 'Undo the rotation' }).click();
    await page.getByRole('heading', { name: 'Undo the rotation?' }).waitFor();
    await look(page, `webhook-overlap-undo-${size}`);
    assert.equal(await secret(), second);
    await page.getByRole('button', { name: 'Undo it' }).click();
    await page.locator('#notice').filter({ hasText: 'Rotation undone.' }).waitFor();
    assert.equal(await secret(), first);
    assert.equal(await signatures(), 1);

    await rotate();
    const third = await secret();
    await page.getByRole('button', { name: 'Finish: only the new one signs' }).click();
    await page.getByRole('button', { name: 'Finish it' }).click();
    await page.locator('#notice').filter({ hasText: 'Rotation finished.' }).waitFor();
    assert.equal(await overlap.count(), 0);
    assert.equal(await secret(), third);
    assert.equal(await signatures(), 1);
    await page.getByRole('link', { name: 'Its history' }).click();
    await page.getByText('rotation finished').waitFor();
    await page.getByText('rotation undone').waitFor();
  });

  test(`a rolled key says what still uses it, and the roll is undone or finished (${how})`, async () => {
    const account = await server.openAccount('Acme Inc.');
    const old = await account.key();
    const page = await read(server, { link: await account.link(), scripts, size });
    await page.goto(`/dashboard/keys/${old.id}`);
    await page.getByRole('button', { name: 'Roll key' }).click();
    await page.getByText('Key rolled.').waitFor();
    const pair = page.locator('#pair');
    await pair.getByText('None since the roll').waitFor();
    await server.call('GET', '/v1/webhooks', undefined, { credential: `Bearer ${old.key}` });
    await server.call('GET', '/v1/webhooks', undefined, { credential: `Bearer ${old.key}` });
    if (!scripts) await page.reload();
    await pair.getByText('2 since the roll').waitFor();
    await look(page, `key-rolling-${size}`);
    const [fresh] = (await account.get('/v1/api_keys')).data;
    await pair.getByRole('button', { name: 'Undo the roll' }).click();
    await page.getByRole('heading', { name: 'Undo the roll?' }).waitFor();
    await page.getByRole('button', { name: 'Undo it' }).click();
    await page.locator('#notice').filter({ hasText: 'Roll undone.' }).waitFor();
    const now = await account.get(`/v1/api_keys/${old.id}`);
    assert.deepEqual([now.status, now.expires_at], ['active', null]);
    assert.equal((await account.get(`/v1/api_keys/${fresh.id}`)).status, 'expired');
    // A key is rolled once: what would be refused is not offered.
    await page.locator('#roll').getByText('A key is rolled once, and this one was.').waitFor();
    assert.equal(await page.getByRole('button', { name: /Roll key|Finish|Undo/ }).count(), 0);
    await look(page, `key-roll-undone-${size}`);
    await page.goto('/dashboard/keys');
    await page.getByRole('link', { name: 'Expire CI' }).waitFor();
    assert.equal(await page.getByRole('link', { name: 'Roll CI' }).count(), 0);

    const other = await account.key();
    await page.goto(`/dashboard/keys/${other.id}`);
    await page.getByRole('button', { name: 'Roll key' }).click();
    await pair.getByRole('button', { name: 'Finish: end the old key now' }).click();
    await page.getByRole('button', { name: 'Expire it now' }).click();
    await page.locator('#notice').waitFor();
    assert.equal((await account.get(`/v1/api_keys/${other.id}`)).status, 'expired');
  });
}
