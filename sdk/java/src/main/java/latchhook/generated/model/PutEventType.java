// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** Description of an event type. */
public final class PutEventType {
  @JsonProperty("description")
  private String description;

  @JsonProperty("schema")
  private JsonNullable<Object> schema = JsonNullable.undefined();

  /** Description for people. */
  public String getDescription() {
    return description;
  }

  /** Description for people. */
  public PutEventType description(String description) {
    this.description = description;
    return this;
  }

  /** A JSON Schema (2020-12 unless it says otherwise) that the related object must satisfy. */
  public JsonNullable<Object> getSchema() {
    return schema;
  }

  /** A JSON Schema (2020-12 unless it says otherwise) that the related object must satisfy. Null is sent as that; what is not set is left as it is. */
  public PutEventType schema(Object schema) {
    this.schema = JsonNullable.of(schema);
    return this;
  }
}

