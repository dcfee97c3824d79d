/**
 * Hook for Fastify.
 *
 * ```ts
 * const gate = new Gate({ url: "https://latchhook.internal", token: process.env.LATCHHOOK_TOKEN });
 * const onRequest = requireKey(gate, "reports:read");
 * app.get("/reports", { onRequest }, async (request) => request.latchhook);
 * ```
 */
import type { FastifyReply, FastifyRequest } from "fastify";

import { type Caller, type Gate, statusOf } from "./gate.js";

declare module "fastify" {
  interface FastifyRequest {
    /** Caller whose key was verified; null if nobody could check it and the gate is open. */
    latchhook?: Caller | null;
  }
}

/** Makes an `onRequest` hook, of a route or of an application, that needs a key with these scopes. */
export function requireKey(
  gate: Gate,
  ...scopes: string[]
): (request: FastifyRequest, reply: FastifyReply) => Promise<unknown> {
  return async (request, reply) => {
    const incoming = {
      method: request.method,
      path: request.url.split("?", 1)[0] ?? "/",
      authorization: request.headers.authorization,
      ip: request.ip,
      userAgent: request.headers["user-agent"],
    };
    const admission = await gate.admit(incoming, scopes);
    if (!admission.admitted) {
      return reply.code(admission.status).headers(admission.headers).send(admission.body);
    }
    request.latchhook = admission.caller;
    reply.raw.once("close", () => admission.answered(statusOf(reply.raw)));
    return undefined;
  };
}
