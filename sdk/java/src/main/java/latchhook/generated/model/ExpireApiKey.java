// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** Time at which a key is to stop working. */
public final class ExpireApiKey {
  @JsonProperty("expires_at")
  private OffsetDateTime expiresAt;

  /** Time of expiry. Absent: now. &#x60;null&#x60;: never. */
  public OffsetDateTime getExpiresAt() {
    return expiresAt;
  }

  /** Time of expiry. Absent: now. &#x60;null&#x60;: never. */
  public ExpireApiKey expiresAt(OffsetDateTime expiresAt) {
    this.expiresAt = expiresAt;
    return this;
  }
}

