// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.api;

import latchhook.Call;
import latchhook.Latchhook;
import latchhook.Option;
import latchhook.Params;

/** Routes of one part of the API. */
public final class ServiceApi {
  private final Latchhook latchhook;

  /** Makes them callable with a client. */
  public ServiceApi(Latchhook latchhook) {
    this.latchhook = latchhook;
  }

  /** {@code GET /healthz }: Check that the process is up. */
  public Object getHealthz(Option... options) {
    var call = new Call("GET", "/healthz");
    return latchhook.send(call.with(options), Object.class);
  }

  /** {@code GET /metrics }: Show the server&#39;s metrics. */
  public String getMetrics(Option... options) {
    var call = new Call("GET", "/metrics");
    return latchhook.send(call.with(options), String.class);
  }

  /** {@code GET /openapi.json }: This document. */
  public Object getOpenapiJson(Option... options) {
    var call = new Call("GET", "/openapi.json");
    return latchhook.send(call.with(options), Object.class);
  }

  /** {@code GET /readyz }: Check that the stores answer. */
  public Object getReadyz(Option... options) {
    var call = new Call("GET", "/readyz");
    return latchhook.send(call.with(options), Object.class);
  }
}
