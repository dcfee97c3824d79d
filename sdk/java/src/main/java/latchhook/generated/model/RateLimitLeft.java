// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** Rest of a key&#39;s rate limit. */
public final class RateLimitLeft {
  @JsonProperty("limit")
  private Long limit;

  @JsonProperty("remaining")
  private Long remaining;

  @JsonProperty("reset")
  private Long reset;

  /** Size of the limit. */
  public Long getLimit() {
    return limit;
  }

  /** Size of the limit. */
  public RateLimitLeft limit(Long limit) {
    this.limit = limit;
    return this;
  }

  /** Number of uses that are left. */
  public Long getRemaining() {
    return remaining;
  }

  /** Number of uses that are left. */
  public RateLimitLeft remaining(Long remaining) {
    this.remaining = remaining;
    return this;
  }

  /** Unix seconds at which all are there again. */
  public Long getReset() {
    return reset;
  }

  /** Unix seconds at which all are there again. */
  public RateLimitLeft reset(Long reset) {
    this.reset = reset;
    return this;
  }
}

