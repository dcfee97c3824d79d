// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** Result of a report. */
public final class Reported {
  @JsonProperty("count")
  private Integer count;

  /** The number of them. */
  public Integer getCount() {
    return count;
  }

  /** The number of them. */
  public Reported count(Integer count) {
    this.count = count;
    return this;
  }
}

