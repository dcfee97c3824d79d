// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** State of a delivery. */
public final class Delivery {
  @JsonProperty("attempts")
  private Integer attempts;

  @JsonProperty("last_response_status")
  private Integer lastResponseStatus;

  @JsonProperty("next_attempt_at")
  private OffsetDateTime nextAttemptAt;

  @JsonProperty("status")
  private DeliveryStatus status;

  @JsonProperty("webhook_id")
  private String webhookId;

  /** Number of attempts so far. */
  public Integer getAttempts() {
    return attempts;
  }

  /** Number of attempts so far. */
  public Delivery attempts(Integer attempts) {
    this.attempts = attempts;
    return this;
  }

  /** HTTP status of the receiver&#39;s last answer; &#x60;null&#x60; before the first. */
  public Integer getLastResponseStatus() {
    return lastResponseStatus;
  }

  /** HTTP status of the receiver&#39;s last answer; &#x60;null&#x60; before the first. */
  public Delivery lastResponseStatus(Integer lastResponseStatus) {
    this.lastResponseStatus = lastResponseStatus;
    return this;
  }

  /** Time of the next attempt; &#x60;null&#x60; if there is none. */
  public OffsetDateTime getNextAttemptAt() {
    return nextAttemptAt;
  }

  /** Time of the next attempt; &#x60;null&#x60; if there is none. */
  public Delivery nextAttemptAt(OffsetDateTime nextAttemptAt) {
    this.nextAttemptAt = nextAttemptAt;
    return this;
  }

  /** &#x60;pending&#x60;, &#x60;retrying&#x60;, &#x60;delivered&#x60;, &#x60;exhausted&#x60; or &#x60;cancelled&#x60;. */
  public DeliveryStatus getStatus() {
    return status;
  }

  /** &#x60;pending&#x60;, &#x60;retrying&#x60;, &#x60;delivered&#x60;, &#x60;exhausted&#x60; or &#x60;cancelled&#x60;. */
  public Delivery status(DeliveryStatus status) {
    this.status = status;
    return this;
  }

  /** The webhook&#39;s identifier. */
  public String getWebhookId() {
    return webhookId;
  }

  /** The webhook&#39;s identifier. */
  public Delivery webhookId(String webhookId) {
    this.webhookId = webhookId;
    return this;
  }
}

