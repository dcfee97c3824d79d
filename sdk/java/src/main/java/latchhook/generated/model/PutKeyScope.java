// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** Description of a scope. */
public final class PutKeyScope {
  @JsonProperty("description")
  private String description;

  /** Description for people. */
  public String getDescription() {
    return description;
  }

  /** Description for people. */
  public PutKeyScope description(String description) {
    this.description = description;
    return this;
  }
}

