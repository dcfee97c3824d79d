// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** Request to send an event again. */
public final class Resend {
  @JsonProperty("webhook_id")
  private String webhookId;

  /** Webhook to send it to; one that the event has a delivery for. */
  public String getWebhookId() {
    return webhookId;
  }

  /** Webhook to send it to; one that the event has a delivery for. */
  public Resend webhookId(String webhookId) {
    this.webhookId = webhookId;
    return this;
  }
}

