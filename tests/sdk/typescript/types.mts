// What a type checker has to let pass, and what it has to refuse.
import express from "express";
import fastify from "fastify";
import { type Caller, Gate, isApiError, Latchhook } from "latchhook";
import { requireKey as forExpress } from "latchhook/express";
import { requireKey as forFastify } from "latchhook/fastify";

const latchhook = new Latchhook({
  url: "http://latchhook.test",
  token: "lhop_1",
  account: "acct_1",
});
const gate = new Gate({ url: "http://latchhook.test", token: "lhop_1", environment: "live" });

export async function typed(): Promise<string[]> {
  const body = { type: "report.completed", environment: "test", data: { object: {} } } as const;
  const event = await latchhook.post("/v1/events", { body });
  const attempts: number | undefined = event.deliveries[0]?.attempts;
  const names = [String(attempts), event.id];
  for await (const webhook of latchhook.iterate("/v1/webhooks")) names.push(webhook.webhook_url);
  for await (const row of latchhook.iterate("/v1/logs", {
    params: { query: { kind: "api_request" } },
  })) {
    names.push(row.id);
  }
  await latchhook.get("/v1/webhooks/{id}", { params: { path: { id: "wh_1" } } });
  // @ts-expect-error: an environment is test or live
  await latchhook.post("/v1/events", { body: { ...body, environment: "prod" } });
  // @ts-expect-error: there is no such route
  await latchhook.get("/v1/webhook");
  // @ts-expect-error: the path needs its id
  await latchhook.get("/v1/webhooks/{id}");
  // @ts-expect-error: a list of webhooks has no names
  for await (const webhook of latchhook.iterate("/v1/webhooks")) names.push(webhook.name);
  return names;
}

export function told(error: unknown): string {
  if (isApiError(error, "url_taken")) return error.param ?? "";
  // @ts-expect-error: there is no such code
  return isApiError(error, "url_took") ? "never" : "otherwise";
}

export function apps(): void {
  const one = express();
  one.get("/reports", forExpress(gate, "reports:read"), (req, res) => {
    const caller: Caller | null | undefined = req.latchhook;
    res.json(caller);
  });
  const other = fastify();
  other.get(
    "/reports",
    { onRequest: forFastify(gate) },
    async (request) => request.latchhook?.keyId,
  );
}
