// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** A new account. */
public final class CreateAccount {
  @JsonProperty("external_id")
  private String externalId;

  @JsonProperty("name")
  private String name;

  /** Identifier in your own system; unique. */
  public String getExternalId() {
    return externalId;
  }

  /** Identifier in your own system; unique. */
  public CreateAccount externalId(String externalId) {
    this.externalId = externalId;
    return this;
  }

  /** Display name. */
  public String getName() {
    return name;
  }

  /** Display name. */
  public CreateAccount name(String name) {
    this.name = name;
    return this;
  }
}

