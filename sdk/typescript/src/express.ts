/**
 * Middleware for Express.
 *
 * ```ts
 * const gate = new Gate({ url: "https://latchhook.internal", token: process.env.LATCHHOOK_TOKEN });
 * app.get("/reports", requireKey(gate, "reports:read"), (req, res) => res.json(req.latchhook));
 * ```
 */
import type { RequestHandler } from "express";

import { type Caller, type Gate, statusOf } from "./gate.js";

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace Express {
    interface Request {
      /** Caller whose key was verified; null if nobody could check it and the gate is open. */
      latchhook?: Caller | null;
    }
  }
}

/** Makes a middleware that needs a key with all of these scopes. */
export function requireKey(gate: Gate, ...scopes: string[]): RequestHandler {
  return (req, res, next) => {
    const incoming = {
      method: req.method,
      path: req.originalUrl.split("?", 1)[0] ?? "/",
      authorization: req.headers.authorization,
      ip: req.ip,
      userAgent: req.headers["user-agent"],
    };
    gate.admit(incoming, scopes).then((admission) => {
      if (!admission.admitted) {
        res.status(admission.status).set(admission.headers).json(admission.body);
        return;
      }
      req.latchhook = admission.caller;
      res.once("close", () => admission.answered(statusOf(res)));
      next();
    }, next);
  };
}
