// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** Person of a customer&#39;s. */
public final class NewActor {
  @JsonProperty("email")
  private String email;

  @JsonProperty("id")
  private String id;

  @JsonProperty("name")
  private String name;

  /** Email address of the person. */
  public String getEmail() {
    return email;
  }

  /** Email address of the person. */
  public NewActor email(String email) {
    this.email = email;
    return this;
  }

  /** Identifier that you have for them. */
  public String getId() {
    return id;
  }

  /** Identifier that you have for them. */
  public NewActor id(String id) {
    this.id = id;
    return this;
  }

  /** Name of the person. */
  public String getName() {
    return name;
  }

  /** Name of the person. */
  public NewActor name(String name) {
    this.name = name;
    return this;
  }
}

