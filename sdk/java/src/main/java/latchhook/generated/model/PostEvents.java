// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** Events to be accepted together. */
public final class PostEvents {
  @JsonProperty("events")
  private List<BatchedEvent> events;

  /** Events, 1 to 100: all are accepted, or none. */
  public List<BatchedEvent> getEvents() {
    return events;
  }

  /** Events, 1 to 100: all are accepted, or none. */
  public PostEvents events(List<BatchedEvent> events) {
    this.events = events;
    return this;
  }
}

