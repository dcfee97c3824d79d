// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** The retry schedule. */
public final class RetrySchedule {
  @JsonProperty("object")
  private String object;

  @JsonProperty("offsets_ms")
  private List<Long> offsetsMs;

  @JsonProperty("schedule")
  private String schedule;

  /** Type of this object. */
  public String getObject() {
    return object;
  }

  /** Type of this object. */
  public RetrySchedule object(String object) {
    this.object = object;
    return this;
  }

  /** Delay of each retry after the first attempt, in milliseconds. */
  public List<Long> getOffsetsMs() {
    return offsetsMs;
  }

  /** Delay of each retry after the first attempt, in milliseconds. */
  public RetrySchedule offsetsMs(List<Long> offsetsMs) {
    this.offsetsMs = offsetsMs;
    return this;
  }

  /** Groups of steps, each written &#x60;COUNTxSTEP&#x60;. */
  public String getSchedule() {
    return schedule;
  }

  /** Groups of steps, each written &#x60;COUNTxSTEP&#x60;. */
  public RetrySchedule schedule(String schedule) {
    this.schedule = schedule;
    return this;
  }
}

