// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** Rate limit: a token bucket that starts full. */
public final class RateLimit {
  @JsonProperty("limit")
  private Long limit;

  @JsonProperty("period_seconds")
  private Integer periodSeconds;

  /** Number of uses in a period. */
  public Long getLimit() {
    return limit;
  }

  /** Number of uses in a period. */
  public RateLimit limit(Long limit) {
    this.limit = limit;
    return this;
  }

  /** Length of a period, in which an empty bucket is full again. */
  public Integer getPeriodSeconds() {
    return periodSeconds;
  }

  /** Length of a period, in which an empty bucket is full again. */
  public RateLimit periodSeconds(Integer periodSeconds) {
    this.periodSeconds = periodSeconds;
    return this;
  }
}

