// Scenarios of conformance.json with the TypeScript library.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

import { ApiError, InvalidDelivery, Latchhook, UnreachableError, verifyDelivery } from 'latchhook';

import { APPS } from './apps.mjs';

const PATIENCE = 20_000;
const PAUSE = 100;
// Nothing listens on the discard port of this machine.
const AWAY = 'http://127.0.0.1:9';
const { FAULTY_URL, LATCHHOOK_TOKEN, LATCHHOOK_URL, RECEIVER_URL, SCENARIOS } = process.env;

// One scenario, with what its steps kept.
class Run {
  kept = { receiver: RECEIVER_URL };
  slept = [];
  waiting = null;

  constructor(app) {
    this.app = app;
  }

  async step(step) {
    const given = this.filled(step);
    const kinds = ['call', 'rows', 'eventually', 'delivery', 'request'];
    await this[kinds.find((kind) => kind in given)](given);
  }

  filled(value) {
    if (typeof value === 'string' && value.startsWith('$')) return this.kept[value.slice(1)];
    if (Array.isArray(value)) return value.map((of) => this.filled(of));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([name, of]) => [name, this.filled(of)]));
  }

  client({ through, as = LATCHHOOK_TOKEN }) {
    const url = through ? `${FAULTY_URL}/${through}` : LATCHHOOK_URL;
    this.slept = [];
    const sleep = async (seconds) => this.slept.push(seconds);
    return new Latchhook({ url, token: as, retries: { sleep, jitter: () => 1 } });
  }

  options({ path, query, account, body }) {
    const header = account ? { 'Latchhook-Account': account } : {};
    return { params: { path, query, header }, ...(body && { body }) };
  }

  async call(step) {
    const [method, path] = step.call.split(' ');
    const call = this.client(step)[method.toLowerCase()](path, this.options(step));
    const [answer, failure] = await call.then(
      (answer) => [answer],
      (error) => [null, error],
    );
    if (failure instanceof ApiError) {
      const { status, code, param } = failure;
      matches({ status, code, param }, step.error);
    } else if (failure instanceof UnreachableError) {
      matches({ unreachable: true }, step.error);
    } else {
      if (failure) throw failure;
      assert(!('error' in step), 'it succeeded');
      matches(answer, step.expect ?? {});
      for (const [name, of] of Object.entries(step.keep ?? {})) this.kept[name] = answer[of];
    }
    assert.deepEqual(this.slept, step.slept ?? this.slept);
  }

  async rows(step, name = 'rows') {
    const [, path] = step[name].split(' ');
    const rows = [];
    for await (const row of this.client(step).iterate(path, this.options(step))) rows.push(row);
    matches(rows, step.expect);
  }

  async eventually(step) {
    for (const deadline = Date.now() + PATIENCE; ;) {
      try {
        return await this.rows(step, 'eventually');
      } catch (error) {
        if (!(error instanceof assert.AssertionError) || Date.now() > deadline) throw error;
        await new Promise((resolve) => setTimeout(resolve, PAUSE));
      }
    }
  }

  async delivery(step) {
    const got = this.waiting ?? (await (await fetch(RECEIVER_URL)).json());
    this.waiting = step.keep ? got : null;
    const { body, headers } = got;
    for (const prefix of step.prefixes) {
      const verified = (text) =>
        verifyDelivery(Buffer.from(text), headers, step.secret, { prefix });
      matches(verified(body), step.delivery);
      assert.throws(() => verified(`${body} `), InvalidDelivery);
    }
  }

  async request({ request, key, basic, status, expect = {} }) {
    const encoded = Buffer.from(`${key}:`).toString('base64');
    const authorization = basic ? `Basic ${encoded}` : `Bearer ${key}`;
    const answer = await fetch(this.app + request, { headers: key ? { authorization } : {} });
    const body = await answer.json();
    assert.equal(answer.status, status, JSON.stringify(body));
    matches(body, expect);
  }
}

// Holds everything that is expected against what was found, which may have more fields.
function matches(found, expected) {
  if (expected === null || typeof expected !== 'object') {
    assert.deepEqual(found, expected);
    return;
  }
  if (Array.isArray(expected)) assert.equal(found.length, expected.length, JSON.stringify(found));
  for (const [name, value] of Object.entries(expected)) matches(found[name], value);
}

async function perform(scenario, name, start) {
  const title = scenario.scenario + (name ? ` (${name})` : '');
  const url = scenario.apps === 'away' ? AWAY : LATCHHOOK_URL;
  const app = await start?.({ url, token: LATCHHOOK_TOKEN });
  const run = new Run(app?.url);
  for (const step of scenario.steps) {
    try {
      await run.step(step);
    } catch (error) {
      console.error(`${title}\n${JSON.stringify(step)}`);
      throw error;
    }
  }
  await app?.close();
  console.log(`ok  ${title}`);
}

let passed = 0;
for (const scenario of JSON.parse(await readFile(SCENARIOS, 'utf8'))) {
  for (const [name, start] of Object.entries(scenario.apps ? APPS : { '': undefined })) {
    await perform(scenario, name, start);
    passed++;
  }
}
console.log(`${passed} passed, 0 failed`);
