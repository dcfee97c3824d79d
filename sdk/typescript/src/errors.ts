import type { components } from "./generated/api.js";

/** Stable code of an error, as the server's document lists them. */
export type ErrorCode = components["schemas"]["Error"]["code"];

/** Call that did not succeed, after all its tries. */
export class LatchhookError extends Error {
  override name = "LatchhookError";
}

/** No answer: the network failed. A call that changes something may have been carried out. */
export class UnreachableError extends LatchhookError {
  override name = "UnreachableError";
}

/** What an {@link ApiError} says beside its status and message. */
export interface ErrorDetails {
  code: ErrorCode | null;
  param: string | null;
  requestId: string | null;
  retryAfter: number | null;
}

/**
 * Error that the server answered. `code` is stable, and a type checker knows which there are. It is null
 * if the answer is not of Latchhook, but of a proxy before it.
 */
export class ApiError extends LatchhookError {
  override name = "ApiError";
  readonly code: ErrorCode | null;
  readonly param: string | null;
  readonly requestId: string | null;
  /** Seconds to wait before another try. */
  readonly retryAfter: number | null;

  constructor(
    readonly status: number,
    readonly detail: string,
    { code, param, requestId, retryAfter }: ErrorDetails,
  ) {
    const at = param ? ` (${param})` : "";
    const named = requestId ? ` [${requestId}]` : "";
    super(`${status} ${code ?? "without a code"}${at}: ${detail}${named}`);
    this.code = code;
    this.param = param;
    this.requestId = requestId;
    this.retryAfter = retryAfter;
  }

  /** Reads the error in an answer. */
  static async of(response: Response): Promise<ApiError> {
    const body = await object(response);
    const known = typeof body["code"] === "string";
    return new ApiError(
      response.status,
      known ? String(body["error"]) : "the answer is not Latchhook's",
      {
        code: known ? (body["code"] as ErrorCode) : null,
        param: text(body["param"]),
        requestId: text(body["request_id"]) ?? response.headers.get("X-Request-Id"),
        retryAfter: seconds(response.headers.get("Retry-After")),
      },
    );
  }
}

/** Returns whether something thrown is an error of the API, with that code if one is given. */
export function isApiError(error: unknown, code?: ErrorCode): error is ApiError {
  return error instanceof ApiError && (code === undefined || error.code === code);
}

function seconds(value: string | null): number | null {
  return value !== null && /^[0-9]+$/.test(value) ? Number(value) : null;
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

async function object(response: Response): Promise<Record<string, unknown>> {
  try {
    const body: unknown = await response.json();
    return typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
