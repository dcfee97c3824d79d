// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.api;

import latchhook.Call;
import latchhook.Latchhook;
import latchhook.Option;
import latchhook.Params;
import latchhook.generated.model.CreateWebhook;
import latchhook.generated.model.Environment;
import latchhook.generated.model.Event;
import latchhook.generated.model.JwkSet;
import latchhook.generated.model.ListWebhook;
import java.time.OffsetDateTime;
import latchhook.generated.model.Ping;
import latchhook.generated.model.Recover;
import latchhook.generated.model.Recovered;
import latchhook.generated.model.RetrySchedule;
import latchhook.generated.model.RotateSecret;
import latchhook.generated.model.UpdateWebhook;
import latchhook.generated.model.Webhook;
import latchhook.generated.model.WebhookSecret;
import latchhook.generated.model.WebhookStatement;

/** Routes of one part of the API. */
public final class WebhooksApi {
  private final Latchhook latchhook;

  /** Makes them callable with a client. */
  public WebhooksApi(Latchhook latchhook) {
    this.latchhook = latchhook;
  }

  /** {@code DELETE /v1/webhooks/{id} }: Delete a webhook. */
  public Webhook deleteWebhooksId(String id, Option... options) {
    var call = new Call("DELETE", "/v1/webhooks/{id}", id);
    return latchhook.send(call.with(options), Webhook.class);
  }

  /** {@code GET /jwks/{id} }: Show a webhook&#39;s public keys. */
  public JwkSet getJwksId(String id, Option... options) {
    var call = new Call("GET", "/jwks/{id}", id);
    return latchhook.send(call.with(options), JwkSet.class);
  }

  /** {@code GET /v1/retry_schedule }: Show the retry schedule. */
  public RetrySchedule getRetrySchedule(Option... options) {
    var call = new Call("GET", "/v1/retry_schedule");
    return latchhook.send(call.with(options), RetrySchedule.class);
  }

  /** {@code GET /v1/webhooks }: List webhooks. */
  public ListWebhook getWebhooks(GetWebhooksParams params, Option... options) {
    var call = new Call("GET", "/v1/webhooks");
    call.query(params);
    return latchhook.send(call.with(options), ListWebhook.class);
  }

  /** Parameters of {@link #getWebhooks}. */
  public static final class GetWebhooksParams extends Params {
    /** Only webhooks of this environment. */
    public GetWebhooksParams environment(Environment environment) {
      set("environment", environment);
      return this;
    }

    /** Show the webhooks as they were at this time. */
    public GetWebhooksParams asOf(OffsetDateTime asOf) {
      set("as_of", asOf);
      return this;
    }

    /** Number of rows on a page. */
    public GetWebhooksParams perPage(Integer perPage) {
      set("per_page", perPage);
      return this;
    }

    /** Cursor from the &#x60;next_href&#x60; of the previous page. */
    public GetWebhooksParams cursor(String cursor) {
      set("cursor", cursor);
      return this;
    }
  }

  /** {@code GET /v1/webhooks/{id} }: Show a webhook. */
  public Webhook getWebhooksId(String id, Option... options) {
    var call = new Call("GET", "/v1/webhooks/{id}", id);
    return latchhook.send(call.with(options), Webhook.class);
  }

  /** {@code GET /v1/webhooks/{id}/statement }: Show what was meant for a webhook. */
  public WebhookStatement getWebhooksIdStatement(String id, GetWebhooksIdStatementParams params, Option... options) {
    var call = new Call("GET", "/v1/webhooks/{id}/statement", id);
    call.query(params);
    return latchhook.send(call.with(options), WebhookStatement.class);
  }

  /** Parameters of {@link #getWebhooksIdStatement}. */
  public static final class GetWebhooksIdStatementParams extends Params {
    /** From this time on, itself included; by default a day before &#x60;until&#x60;, at most 31 days. */
    public GetWebhooksIdStatementParams since(OffsetDateTime since) {
      set("since", since);
      return this;
    }

    /** Up to this time, itself excluded; by default now, and not later. */
    public GetWebhooksIdStatementParams until(OffsetDateTime until) {
      set("until", until);
      return this;
    }
  }

  /** {@code PATCH /v1/webhooks/{id} }: Change a webhook. */
  public Webhook patchWebhooksId(String id, UpdateWebhook body, Option... options) {
    var call = new Call("PATCH", "/v1/webhooks/{id}", id);
    call.body(body);
    return latchhook.send(call.with(options), Webhook.class);
  }

  /** {@code POST /v1/webhooks }: Create a webhook. */
  public Webhook postWebhooks(CreateWebhook body, Option... options) {
    var call = new Call("POST", "/v1/webhooks");
    call.body(body);
    return latchhook.send(call.with(options), Webhook.class);
  }

  /** {@code POST /v1/webhooks/{id}/ping }: Send a test event to one webhook. */
  public Event postWebhooksIdPing(String id, Ping body, Option... options) {
    var call = new Call("POST", "/v1/webhooks/{id}/ping", id);
    call.body(body);
    return latchhook.send(call.with(options), Event.class);
  }

  /** {@code POST /v1/webhooks/{id}/recover }: Queue undelivered events again. */
  public Recovered postWebhooksIdRecover(String id, Recover body, Option... options) {
    var call = new Call("POST", "/v1/webhooks/{id}/recover", id);
    call.body(body);
    return latchhook.send(call.with(options), Recovered.class);
  }

  /** {@code POST /v1/webhooks/{id}/reveal_secret }: Reveal a webhook&#39;s signing secret. */
  public WebhookSecret postWebhooksIdRevealSecret(String id, Option... options) {
    var call = new Call("POST", "/v1/webhooks/{id}/reveal_secret", id);
    return latchhook.send(call.with(options), WebhookSecret.class);
  }

  /** {@code POST /v1/webhooks/{id}/rotate_secret }: Rotate a webhook&#39;s signing secret. */
  public WebhookSecret postWebhooksIdRotateSecret(String id, RotateSecret body, Option... options) {
    var call = new Call("POST", "/v1/webhooks/{id}/rotate_secret", id);
    call.body(body);
    return latchhook.send(call.with(options), WebhookSecret.class);
  }
}
