// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** Options of a rotation. */
public final class RotateSecret {
  @JsonProperty("overlap_seconds")
  private Integer overlapSeconds;

  /** Time for which the old secret signs as well, in seconds. */
  public Integer getOverlapSeconds() {
    return overlapSeconds;
  }

  /** Time for which the old secret signs as well, in seconds. */
  public RotateSecret overlapSeconds(Integer overlapSeconds) {
    this.overlapSeconds = overlapSeconds;
    return this;
  }
}

