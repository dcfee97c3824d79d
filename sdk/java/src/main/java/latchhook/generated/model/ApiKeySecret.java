// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** A whole key. */
public final class ApiKeySecret {
  @JsonProperty("id")
  private String id;

  @JsonProperty("key")
  private String key;

  @JsonProperty("object")
  private String object;

  /** Its identifier; sorts by creation. */
  public String getId() {
    return id;
  }

  /** Its identifier; sorts by creation. */
  public ApiKeySecret id(String id) {
    this.id = id;
    return this;
  }

  /** The whole key. */
  public String getKey() {
    return key;
  }

  /** The whole key. */
  public ApiKeySecret key(String key) {
    this.key = key;
    return this;
  }

  /** Type of this object. */
  public String getObject() {
    return object;
  }

  /** Type of this object. */
  public ApiKeySecret object(String object) {
    this.object = object;
    return this;
  }
}

