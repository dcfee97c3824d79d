// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.api;

import latchhook.Call;
import latchhook.Latchhook;
import latchhook.Option;
import latchhook.Params;
import latchhook.generated.model.CreateOperatorWebhook;
import latchhook.generated.model.ListWebhook;
import latchhook.generated.model.UpdateWebhook;
import latchhook.generated.model.Webhook;

/** Routes of one part of the API. */
public final class OperationalWebhooksApi {
  private final Latchhook latchhook;

  /** Makes them callable with a client. */
  public OperationalWebhooksApi(Latchhook latchhook) {
    this.latchhook = latchhook;
  }

  /** {@code DELETE /v1/operator_webhooks/{id} }: Delete an operational webhook. */
  public Webhook deleteOperatorWebhooksId(String id, Option... options) {
    var call = new Call("DELETE", "/v1/operator_webhooks/{id}", id);
    return latchhook.send(call.with(options), Webhook.class);
  }

  /** {@code GET /v1/operator_webhooks }: List operational webhooks. */
  public ListWebhook getOperatorWebhooks(GetOperatorWebhooksParams params, Option... options) {
    var call = new Call("GET", "/v1/operator_webhooks");
    call.query(params);
    return latchhook.send(call.with(options), ListWebhook.class);
  }

  /** Parameters of {@link #getOperatorWebhooks}. */
  public static final class GetOperatorWebhooksParams extends Params {
    /** Number of rows on a page. */
    public GetOperatorWebhooksParams perPage(Integer perPage) {
      set("per_page", perPage);
      return this;
    }

    /** Cursor from the &#x60;next_href&#x60; of the previous page. */
    public GetOperatorWebhooksParams cursor(String cursor) {
      set("cursor", cursor);
      return this;
    }
  }

  /** {@code GET /v1/operator_webhooks/{id} }: Show an operational webhook. */
  public Webhook getOperatorWebhooksId(String id, Option... options) {
    var call = new Call("GET", "/v1/operator_webhooks/{id}", id);
    return latchhook.send(call.with(options), Webhook.class);
  }

  /** {@code PATCH /v1/operator_webhooks/{id} }: Change an operational webhook. */
  public Webhook patchOperatorWebhooksId(String id, UpdateWebhook body, Option... options) {
    var call = new Call("PATCH", "/v1/operator_webhooks/{id}", id);
    call.body(body);
    return latchhook.send(call.with(options), Webhook.class);
  }

  /** {@code POST /v1/operator_webhooks }: Create an operational webhook. */
  public Webhook postOperatorWebhooks(CreateOperatorWebhook body, Option... options) {
    var call = new Call("POST", "/v1/operator_webhooks");
    call.body(body);
    return latchhook.send(call.with(options), Webhook.class);
  }
}
