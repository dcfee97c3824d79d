// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** Result of a recovery. */
public final class Recovered {
  @JsonProperty("continues")
  private Boolean continues;

  @JsonProperty("count")
  private Long count;

  /** True if more are queued after this answer: there are too many for one request. */
  public Boolean getContinues() {
    return continues;
  }

  /** True if more are queued after this answer: there are too many for one request. */
  public Recovered continues(Boolean continues) {
    this.continues = continues;
    return this;
  }

  /** Number of deliveries queued again. */
  public Long getCount() {
    return count;
  }

  /** Number of deliveries queued again. */
  public Recovered count(Long count) {
    this.count = count;
    return this;
  }
}

