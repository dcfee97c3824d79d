// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** Data of an event. */
public final class EventData {
  @JsonProperty("object")
  private Map<String, Object> object;

  /** Related object, whole. */
  public Map<String, Object> getObject() {
    return object;
  }

  /** Related object, whole. */
  public EventData object(Map<String, Object> object) {
    this.object = object;
    return this;
  }
}

