/**
 * Client of Latchhook, and what an API needs to ask it about its callers. Middleware is in
 * `latchhook/express` and `latchhook/fastify`.
 */
export { Latchhook } from "./client.js";
export type { Answer, Options, Row } from "./client.js";
export { InvalidDelivery, verifyDelivery } from "./deliveries.js";
export type { DeliveryOptions } from "./deliveries.js";
export { ApiError, LatchhookError, UnreachableError, isApiError } from "./errors.js";
export type { ErrorCode } from "./errors.js";
export { Gate, keyOf, may } from "./gate.js";
export type { Admission, Caller, GateOptions, Incoming, Refusal } from "./gate.js";
export type { components, paths } from "./generated/api.js";
export type { RequestLogs } from "./request_logs.js";
export type { Fetch, Retries } from "./retries.js";
