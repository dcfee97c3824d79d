import { randomUUID } from "node:crypto";

import { ApiError, type LatchhookError, UnreachableError } from "./errors.js";

/** A `POST` that only asks: it changes nothing, and needs no key to be repeated. */
const ASKS = "/v1/api_keys/verify";
/** A `POST` that takes no `Idempotency-Key`. */
const ONCE = "/v1/portal_sessions/redeem";

export type Fetch = (request: Request) => Promise<Response>;

/**
 * Policy by which failed calls are repeated, with full jitter over a doubling time. A `POST` carries one
 * `Idempotency-Key` for all of its tries, so it is carried out once. Times are in seconds; `sleep` and
 * `jitter` are there for tests.
 */
export interface Retries {
  tries: number;
  first: number;
  longest: number;
  /** A longer `Retry-After` than this is not waited for: the call fails at once. */
  patience: number;
  sleep: (seconds: number) => Promise<unknown>;
  jitter: () => number;
}

export const DEFAULT_RETRIES: Retries = {
  tries: 4,
  first: 0.25,
  longest: 8,
  patience: 60,
  sleep: (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000)),
  jitter: Math.random,
};

/**
 * Makes a `fetch` that repeats what failed, and throws a `LatchhookError` for what went on failing.
 * `timeout` is of each try, its whole answer included, in seconds.
 */
export function retrying(inner: Fetch, retries: Retries, timeout: number): Fetch {
  return async (original) => {
    const request = prepared(original);
    for (let tries = 1; ; tries++) {
      let error: LatchhookError;
      try {
        const response = await once(inner, request, timeout);
        if (response.ok) return response;
        error = await ApiError.of(response);
      } catch (failure) {
        if (request.signal.aborted) throw failure;
        error = new UnreachableError("no answer", { cause: failure });
      }
      const pause = wait(retries, request, tries, error);
      if (pause === null) throw error;
      await retries.sleep(pause);
    }
  };
}

/** Returns the seconds until the next try after `tries` of them; null if there is none. */
function wait(
  retries: Retries,
  request: Request,
  tries: number,
  error: LatchhookError,
): number | null {
  if (tries >= retries.tries || !isRepeatable(request, error)) return null;
  const pause = retries.jitter() * Math.min(retries.longest, retries.first * 2 ** (tries - 1));
  const asked = (error instanceof ApiError && error.retryAfter) || 0;
  return asked > retries.patience ? null : Math.max(pause, asked);
}

function isRepeatable(request: Request, error: LatchhookError): boolean {
  if (error instanceof ApiError) {
    const { code, status } = error;
    if (code !== null) {
      return status === 429 || status === 503 || code === "idempotency_in_progress";
    }
    // A proxy's answer says as little as none.
    if (![429, 502, 503, 504].includes(status)) return false;
  }
  if (request.method === "POST") {
    return request.headers.has("Idempotency-Key") || pathOf(request).endsWith(ASKS);
  }
  return request.method !== "DELETE";
}

function prepared(request: Request): Request {
  const path = pathOf(request);
  const takesKey = request.method === "POST" && !path.endsWith(ASKS) && !path.endsWith(ONCE);
  if (!takesKey || request.headers.has("Idempotency-Key")) return request;
  const headers = new Headers(request.headers);
  headers.set("Idempotency-Key", randomUUID());
  return new Request(request, { headers });
}

/** Sends a copy of the request, and reads the whole answer. */
async function once(inner: Fetch, request: Request, timeout: number): Promise<Response> {
  const control = new AbortController();
  const abort = (): void => control.abort(request.signal.reason);
  if (request.signal.aborted) abort();
  request.signal.addEventListener("abort", abort);
  const timer = setTimeout(() => control.abort(new Error("timed out")), timeout * 1000);
  try {
    const answer = await inner(new Request(request.clone(), { signal: control.signal }));
    const body = await answer.arrayBuffer();
    const { headers, status, statusText } = answer;
    return new Response(body.byteLength ? body : null, { headers, status, statusText });
  } finally {
    clearTimeout(timer);
    request.signal.removeEventListener("abort", abort);
  }
}

function pathOf(request: Request): string {
  return new URL(request.url).pathname;
}
