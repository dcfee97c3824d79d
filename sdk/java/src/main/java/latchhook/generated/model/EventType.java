// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** A registered event type. */
public final class EventType {
  @JsonProperty("created_at")
  private OffsetDateTime createdAt;

  @JsonProperty("description")
  private String description;

  @JsonProperty("name")
  private String name;

  @JsonProperty("object")
  private String object;

  @JsonProperty("schema")
  private JsonNullable<Object> schema = JsonNullable.undefined();

  @JsonProperty("updated_at")
  private OffsetDateTime updatedAt;

  /** Time of creation. */
  public OffsetDateTime getCreatedAt() {
    return createdAt;
  }

  /** Time of creation. */
  public EventType createdAt(OffsetDateTime createdAt) {
    this.createdAt = createdAt;
    return this;
  }

  /** Description for people. */
  public String getDescription() {
    return description;
  }

  /** Description for people. */
  public EventType description(String description) {
    this.description = description;
    return this;
  }

  /** Its name. */
  public String getName() {
    return name;
  }

  /** Its name. */
  public EventType name(String name) {
    this.name = name;
    return this;
  }

  /** Type of this object. */
  public String getObject() {
    return object;
  }

  /** Type of this object. */
  public EventType object(String object) {
    this.object = object;
    return this;
  }

  /** JSON Schema that the related object satisfies. */
  public JsonNullable<Object> getSchema() {
    return schema;
  }

  /** JSON Schema that the related object satisfies. Null is sent as that; what is not set is left as it is. */
  public EventType schema(Object schema) {
    this.schema = JsonNullable.of(schema);
    return this;
  }

  /** Time of the last change. */
  public OffsetDateTime getUpdatedAt() {
    return updatedAt;
  }

  /** Time of the last change. */
  public EventType updatedAt(OffsetDateTime updatedAt) {
    this.updatedAt = updatedAt;
    return this;
  }
}

