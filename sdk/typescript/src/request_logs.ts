import type { Latchhook } from "./client.js";
import { LatchhookError } from "./errors.js";
import type { components } from "./generated/api.js";

type ReportedRequest = components["schemas"]["ReportedRequest"];

/** Most rows of one call. */
const MOST = 500;
/** Most rows that wait; what comes on top is dropped, and counted in a warning. */
const CAPACITY = 10_000;
/** Milliseconds that a row waits for others at most. */
const INTERVAL = 1000;

/** Rows of accounts' API logs, sent in the background. */
export class RequestLogs {
  readonly #latchhook: Latchhook;
  #waiting: [account: string, row: ReportedRequest][] = [];
  #dropped = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #sending: Promise<void> = Promise.resolve();

  constructor(latchhook: Latchhook) {
    this.#latchhook = latchhook;
  }

  /** Takes a row to be sent; never waits for the network. */
  add(account: string, row: ReportedRequest): void {
    if (this.#waiting.length >= CAPACITY) {
      this.#dropped++;
      return;
    }
    this.#waiting.push([account, row]);
    this.#timer ??= setTimeout(() => void this.flush(), INTERVAL).unref();
  }

  /** Sends everything that waits, and resolves when that is done. */
  flush(): Promise<void> {
    this.#sending = this.#sending.then(() => this.#send());
    return this.#sending;
  }

  async #send(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    const rows = this.#waiting;
    const dropped = this.#dropped;
    [this.#timer, this.#waiting, this.#dropped] = [null, [], 0];
    if (dropped > 0) warn(`${dropped} rows of request logs were dropped: too many waited`);
    for (const account of new Set(rows.map(([of]) => of))) {
      const all = rows.filter(([of]) => of === account).map(([, row]) => row);
      for (let start = 0; start < all.length; start += MOST) {
        await this.#report(account, all.slice(start, start + MOST));
      }
    }
  }

  async #report(account: string, rows: ReportedRequest[]): Promise<void> {
    try {
      const params = { header: { "Latchhook-Account": account } };
      await this.#latchhook.post("/v1/request_logs", { params, body: { request_logs: rows } });
    } catch (error) {
      const why = error instanceof LatchhookError ? error.message : "of an unexpected error";
      warn(`${rows.length} rows of request logs were lost: ${why}`);
    }
  }
}

function warn(message: string): void {
  process.emitWarning(message, "LatchhookWarning");
}
