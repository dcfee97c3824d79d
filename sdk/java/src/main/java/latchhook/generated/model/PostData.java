// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** Data of an event. */
public final class PostData {
  @JsonProperty("object")
  private Map<String, Object> object;

  /** Related object: anything with &#x60;id&#x60;, &#x60;object&#x60; and, if it can be fetched, &#x60;uri&#x60;. */
  public Map<String, Object> getObject() {
    return object;
  }

  /** Related object: anything with &#x60;id&#x60;, &#x60;object&#x60; and, if it can be fetched, &#x60;uri&#x60;. */
  public PostData object(Map<String, Object> object) {
    this.object = object;
    return this;
  }
}

