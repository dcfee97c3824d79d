// A `latchhook serve` process on a fresh directory, and a client of its API.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';

export async function startServer(environment = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'latchhook-browser-'));
  const token = `lhop_${randomBytes(20).toString('hex')}`;
  const process_ = spawn(process.env.LATCHHOOK_BIN, ['serve', '--data-dir', join(directory, 'data'), '--listen', '127.0.0.1:0'], {
    env: {
      ...process.env,
      LATCHHOOK_OPERATOR_TOKEN: token,
      LATCHHOOK_LOG_FORMAT: 'json',
      LATCHHOOK_ALLOW_NETWORKS: '127.0.0.0/8',
      LATCHHOOK_RETRY_SCHEDULE: '2x1s,3x1h',
      ...environment,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  const url = await new Promise((found, failed) => {
    process_.stderr.on('data', (chunk) => {
      log += chunk;
      const at = log.match(/127\.0\.0\.1:[1-9]\d*/);
      if (at) found(`http://${at[0]}`);
    });
    process_.once('exit', () => failed(new Error(`latchhook serve ended:\n${log}`)));
  });
  const server = new Server(url, token);
  await server.ready();
  return Object.assign(server, {
    log: () => log,
    // Whatever is read from now on can't be.
    damage: () => {
      // The index of the log as well, or connections go on with what they have in memory.
      for (const name of ['latchhook.db', 'latchhook.db-wal', 'latchhook.db-shm']) {
        writeFileSync(join(directory, 'data', name), Buffer.alloc(2 ** 15, 7), { flag: 'r+' });
      }
    },
    stop: async () => {
      process_.removeAllListeners('exit');
      process_.kill('SIGTERM');
      if (process_.exitCode === null) await once(process_, 'exit');
      rmSync(directory, { recursive: true, force: true });
    },
  });
}

class Server {
  constructor(url, token) {
    Object.assign(this, { url, token });
  }

  async ready() {
    for (;;) {
      const answer = await fetch(`${this.url}/readyz`).catch(() => null);
      if (answer?.ok) return;
    }
  }

  /** Calls the API; returns the JSON. An error throws. */
  async call(method, path, body, { account, credential = `Bearer ${this.token}` } = {}) {
    const headers = { authorization: credential, 'content-type': 'application/json' };
    if (account) headers['latchhook-account'] = account;
    const answer = await fetch(this.url + path, { method, headers, body: body && JSON.stringify(body) });
    const json = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(json)}`);
    return json;
  }

  /** Repeats a request until `accept` accepts the answer. */
  async until(path, accept, options) {
    for (;;) {
      const answer = await this.call('GET', path, undefined, options);
      if (accept(answer)) return answer;
    }
  }

  async openAccount(name, { credentialed = true, quota = 10 } = {}) {
    const { id } = await this.call('POST', '/v1/accounts', { name });
    await this.call('PATCH', `/v1/accounts/${id}`, { credentialed, webhook_quota: quota });
    return new Account(this, id, name);
  }
}

/** Confirms a sign-in link without a browser; returns the answer. */
export function confirm(link, origin = new URL(link).origin) {
  return fetch(`${origin}/dashboard`, {
    method: 'POST',
    body: new URLSearchParams({ code: new URL(link).searchParams.get('code') }),
    headers: { 'sec-fetch-site': 'same-origin' },
    redirect: 'manual',
  });
}

/** An account. */
class Account {
  constructor(server, id, name) {
    Object.assign(this, { server, id, name });
  }

  post(path, body = {}) {
    return this.server.call('POST', path, body, { account: this.id });
  }

  get(path) {
    return this.server.call('GET', path, undefined, { account: this.id });
  }

  until(path, accept) {
    return this.server.until(path, accept, { account: this.id });
  }

  /** Creates a sign-in link. */
  async link(expiresIn = 3600) {
    return (await this.post('/v1/portal_sessions', { expires_in: expiresIn })).url;
  }

  key(fields = {}) {
    return this.post('/v1/api_keys', { type: 'secret', environment: 'test', name: 'CI', ...fields });
  }

  webhook(url, fields = {}) {
    return this.post('/v1/webhooks', { webhook_url: url, environment: 'test', ...fields });
  }

  /** Posts an event and waits until no first attempt is pending. */
  async event(type = 'report.completed', object = {}) {
    const data = { object: { id: 'rep_1', object: 'report', ...object } };
    const { id } = await this.post('/v1/events', { type, environment: 'test', data });
    const tried = (event) => event.deliveries.every((delivery) => delivery.status !== 'pending');
    return this.until(`/v1/events/${id}`, tried);
  }
}
