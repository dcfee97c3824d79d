import { isIP } from "node:net";

import { Latchhook, type Options } from "./client.js";
import { ApiError, UnreachableError } from "./errors.js";
import type { components } from "./generated/api.js";
import { RequestLogs } from "./request_logs.js";

type Schemas = components["schemas"];

const STATUS: Record<string, number> = {
  insufficient_scope: 403,
  ip_not_allowed: 403,
  rate_limited: 429,
};
const MESSAGES: Record<string, string> = {
  missing_key: "Send an API key.",
  expired: "The API key has expired.",
  insufficient_scope: "The API key lacks a scope that this needs.",
  ip_not_allowed: "The API key may not be used from here.",
  rate_limited: "Too many requests with this API key.",
  unavailable: "The API key cannot be checked now.",
};

/** Owner of a good key. The key itself is not kept. */
export interface Caller {
  readonly accountId: string;
  readonly accountExternalId: string | null;
  readonly keyId: string;
  readonly environment: Schemas["Environment"];
  readonly type: Schemas["KeyType"];
  readonly name: string | null;
  /** Null stands for all scopes. */
  readonly scopes: readonly string[] | null;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Returns whether a caller's key has a scope; one without scopes has them all. */
export function may(caller: Caller, scope: string): boolean {
  return caller.scopes === null || caller.scopes.includes(scope);
}

/** Request to your API. */
export interface Incoming {
  method: string;
  path: string;
  authorization?: string | undefined;
  ip?: string | undefined;
  userAgent?: string | undefined;
}

/** Answer to a request that is not admitted. */
export interface Refusal {
  admitted: false;
  status: number;
  body: { error: string; code: string };
  headers: Record<string, string>;
}

/** Request that was admitted, to be told to the log once it is answered. */
export interface Admission {
  admitted: true;
  /** Null where `onFailure: "admit"` let in a request that nobody could check. */
  caller: Caller | null;
  /** Takes the status of the answer; returns at once. */
  answered: (status: number) => void;
}

export interface GateOptions extends Omit<Options, "account"> {
  /** Environment that this API serves, if not both. */
  environment?: Schemas["Environment"];
  /** Type of key that this API takes, if not both. */
  keyType?: Schemas["KeyType"];
  /**
   * What becomes of requests if Latchhook cannot be asked: they are refused with 503, or, with `admit`, go
   * on without a caller, unchecked: only for what may be done by anybody. A wrong token refuses
   * everything in either case.
   */
  onFailure?: "refuse" | "admit";
  /** Whether a row about each admitted request is sent after its answer; true by default. */
  log?: boolean;
}

/**
 * Checks the keys of your API's callers with a Latchhook server. It knows nothing of a web framework;
 * `latchhook/express` and `latchhook/fastify` do.
 *
 * `token` is an operator token with the scopes `keys:verify` and `request_logs:write`. `timeout`, 2 seconds
 * by default, and `retries` bound how long a request waits for Latchhook. Call `close` at the end of the
 * process, so that the last rows of the log are sent as well.
 */
export class Gate {
  readonly logs: RequestLogs | null;
  readonly #latchhook: Latchhook;
  readonly #options: GateOptions;

  constructor(options: GateOptions) {
    this.#options = options;
    const retries = { tries: 2, first: 0.1, patience: 0.5, ...options.retries };
    this.#latchhook = new Latchhook({ timeout: 2, ...options, retries });
    const logs = (): RequestLogs => new RequestLogs(new Latchhook({ ...options, timeout: 5 }));
    this.logs = options.log === false ? null : logs();
  }

  /** Asks whether the key of a request is good, and has all of the `scopes`. */
  async admit(incoming: Incoming, scopes: readonly string[] = []): Promise<Admission | Refusal> {
    const key = keyOf(incoming.authorization);
    if (key === null) return refusal(401, "missing_key");
    const arrived = new Date();
    const started = performance.now();
    let verification, wasLogged: boolean;
    try {
      [verification, wasLogged] = await this.#verify(key, scopes, incoming);
    } catch (error) {
      return this.#failed(error);
    }
    const { valid, code } = verification;
    if (!valid) return refusal(STATUS[code] ?? 401, code);
    const caller = callerOf(verification);
    const answered = (status: number): void => {
      if (this.logs === null || wasLogged) return;
      const row = {
        ...described(incoming),
        api_key_id: caller.keyId,
        environment: caller.environment,
        status,
        duration_ms: Math.round(performance.now() - started),
        created_at: arrived.toISOString(),
      };
      this.logs.add(caller.accountId, row);
    };
    return { admitted: true, caller, answered };
  }

  /** Sends the rows that wait. */
  async close(): Promise<void> {
    await this.logs?.flush();
  }

  /** Verifies a key; says also whether Latchhook has logged the request already. */
  async #verify(
    key: string,
    scopes: readonly string[],
    incoming: Incoming,
  ): Promise<[Schemas["Verification"], boolean]> {
    const { environment, keyType } = this.#options;
    const body: Schemas["VerifyApiKey"] = {
      key,
      ...(scopes.length > 0 && { scopes: [...scopes] }),
      ...(environment && { environment }),
      ...(keyType && { type: keyType }),
    };
    const verification = await this.#latchhook.post("/v1/api_keys/verify", { body });
    const request = described(incoming);
    if (verification.code !== "ip_not_allowed" || request.ip === null) return [verification, false];
    // Only a key with networks of its own needs the address, and Latchhook logs a request that it is
    // told of. Telling it always would be a second row for every request.
    const told = { ...body, request };
    return [await this.#latchhook.post("/v1/api_keys/verify", { body: told }), true];
  }

  #failed(error: unknown): Admission | Refusal {
    if (error instanceof ApiError && error.param === "key") return refusal(401, "not_found");
    const away =
      error instanceof UnreachableError ||
      (error instanceof ApiError && (error.status >= 500 || error.status === 429));
    if (away && this.#options.onFailure === "admit") {
      return { admitted: true, caller: null, answered: () => undefined };
    }
    return refusal(503, "unavailable");
  }
}

/** Returns the key of an `Authorization`: a Bearer token, or the user name of Basic. */
export function keyOf(authorization: string | undefined): string | null {
  const [, scheme, value] = /^(bearer|basic) +(\S+) *$/i.exec(authorization ?? "") ?? [];
  if (scheme === undefined || value === undefined) return null;
  if (scheme.toLowerCase() === "bearer") return value;
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(value)) return null;
  try {
    const utf8 = new TextDecoder("utf-8", { fatal: true });
    return utf8.decode(Buffer.from(value, "base64")).split(":", 1)[0] || null;
  } catch {
    return null;
  }
}

/** Returns the status of an answer; 499 if the caller had gone before there was one. */
export function statusOf(answer: { headersSent: boolean; statusCode: number }): number {
  return answer.headersSent ? answer.statusCode : 499;
}

function refusal(status: number, code: string): Refusal {
  const headers: Record<string, string> = {};
  if (status === 401) headers["WWW-Authenticate"] = "Bearer";
  if (status === 429 || status === 503) headers["Retry-After"] = "1";
  const error = MESSAGES[code] ?? "The API key is not good here.";
  return { admitted: false, status, body: { error, code }, headers };
}

function callerOf(verification: Schemas["Verification"]): Caller {
  const { account_id, key_id, environment, type } = verification;
  if (!account_id || !key_id || !environment || !type) throw new TypeError("not a valid key");
  return {
    accountId: account_id,
    accountExternalId: verification.account_external_id,
    keyId: key_id,
    environment,
    type,
    name: verification.name,
    scopes: verification.scopes,
    metadata: verification.metadata ?? {},
  };
}

function described({ method, path, ip, userAgent }: Incoming) {
  return {
    method: method.slice(0, 16),
    path: path.slice(0, 1024),
    ip: ip !== undefined && isIP(ip) ? ip : null,
    user_agent: userAgent?.slice(0, 1024) || null,
  };
}
