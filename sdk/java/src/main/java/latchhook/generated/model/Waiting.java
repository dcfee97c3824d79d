// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** Deliveries that are waiting. */
public final class Waiting {
  @JsonProperty("count")
  private Long count;

  @JsonProperty("sampled")
  private Boolean sampled;

  /** Number of them, among the newest 100 undelivered ones of each of 25 webhooks. */
  public Long getCount() {
    return count;
  }

  /** Number of them, among the newest 100 undelivered ones of each of 25 webhooks. */
  public Waiting count(Long count) {
    this.count = count;
    return this;
  }

  /** True if there were more than were examined. */
  public Boolean getSampled() {
    return sampled;
  }

  /** True if there were more than were examined. */
  public Waiting sampled(Boolean sampled) {
    this.sampled = sampled;
    return this;
  }
}

