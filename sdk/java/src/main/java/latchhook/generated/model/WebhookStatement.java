// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** Statement of what was meant for a webhook. */
public final class WebhookStatement {
  @JsonProperty("cancelled")
  private Long cancelled;

  @JsonProperty("delivered")
  private Long delivered;

  @JsonProperty("digest")
  private String digest;

  @JsonProperty("events")
  private Long events;

  @JsonProperty("exhausted")
  private Long exhausted;

  @JsonProperty("object")
  private String object;

  @JsonProperty("pending")
  private Long pending;

  @JsonProperty("retrying")
  private Long retrying;

  @JsonProperty("since")
  private OffsetDateTime since;

  @JsonProperty("until")
  private OffsetDateTime until;

  @JsonProperty("webhook_id")
  private String webhookId;

  /** Number of those that were cancelled: the webhook was disabled or deleted, or the event erased. */
  public Long getCancelled() {
    return cancelled;
  }

  /** Number of those that were cancelled: the webhook was disabled or deleted, or the event erased. */
  public WebhookStatement cancelled(Long cancelled) {
    this.cancelled = cancelled;
    return this;
  }

  /** Number of those that its receiver acknowledged. */
  public Long getDelivered() {
    return delivered;
  }

  /** Number of those that its receiver acknowledged. */
  public WebhookStatement delivered(Long delivered) {
    this.delivered = delivered;
    return this;
  }

  /** &#x60;sha256:&#x60; and the SHA-256, in hexadecimal digits, of the events&#39; identifiers in ascending order, each followed by a newline. */
  public String getDigest() {
    return digest;
  }

  /** &#x60;sha256:&#x60; and the SHA-256, in hexadecimal digits, of the events&#39; identifiers in ascending order, each followed by a newline. */
  public WebhookStatement digest(String digest) {
    this.digest = digest;
    return this;
  }

  /** Number of events that were accepted in the window and meant for the webhook. */
  public Long getEvents() {
    return events;
  }

  /** Number of events that were accepted in the window and meant for the webhook. */
  public WebhookStatement events(Long events) {
    this.events = events;
    return this;
  }

  /** Number of those that failed for as long as the schedule goes, and were given up. */
  public Long getExhausted() {
    return exhausted;
  }

  /** Number of those that failed for as long as the schedule goes, and were given up. */
  public WebhookStatement exhausted(Long exhausted) {
    this.exhausted = exhausted;
    return this;
  }

  /** Type of this object. */
  public String getObject() {
    return object;
  }

  /** Type of this object. */
  public WebhookStatement object(String object) {
    this.object = object;
    return this;
  }

  /** Number of those whose first attempt has not been made, or not been recorded. */
  public Long getPending() {
    return pending;
  }

  /** Number of those whose first attempt has not been made, or not been recorded. */
  public WebhookStatement pending(Long pending) {
    this.pending = pending;
    return this;
  }

  /** Number of those that failed and are tried again. */
  public Long getRetrying() {
    return retrying;
  }

  /** Number of those that failed and are tried again. */
  public WebhookStatement retrying(Long retrying) {
    this.retrying = retrying;
    return this;
  }

  /** Start of the window, itself included. */
  public OffsetDateTime getSince() {
    return since;
  }

  /** Start of the window, itself included. */
  public WebhookStatement since(OffsetDateTime since) {
    this.since = since;
    return this;
  }

  /** End of the window, itself excluded. */
  public OffsetDateTime getUntil() {
    return until;
  }

  /** End of the window, itself excluded. */
  public WebhookStatement until(OffsetDateTime until) {
    this.until = until;
    return this;
  }

  /** The webhook&#39;s identifier. */
  public String getWebhookId() {
    return webhookId;
  }

  /** The webhook&#39;s identifier. */
  public WebhookStatement webhookId(String webhookId) {
    this.webhookId = webhookId;
    return this;
  }
}

