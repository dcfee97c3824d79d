// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** Request to make the next attempt now. */
public final class Advance {
  @JsonProperty("webhook_id")
  private String webhookId;

  /** Webhook of the delivery whose next attempt it is. */
  public String getWebhookId() {
    return webhookId;
  }

  /** Webhook of the delivery whose next attempt it is. */
  public Advance webhookId(String webhookId) {
    this.webhookId = webhookId;
    return this;
  }
}

