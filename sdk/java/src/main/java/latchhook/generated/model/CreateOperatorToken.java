// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** A new operator token. */
public final class CreateOperatorToken {
  @JsonProperty("expires_at")
  private OffsetDateTime expiresAt;

  @JsonProperty("name")
  private String name;

  @JsonProperty("scopes")
  private List<OperatorScope> scopes;

  /** Instant at which the token stops working by itself. */
  public OffsetDateTime getExpiresAt() {
    return expiresAt;
  }

  /** Instant at which the token stops working by itself. */
  public CreateOperatorToken expiresAt(OffsetDateTime expiresAt) {
    this.expiresAt = expiresAt;
    return this;
  }

  /** Name by which the history shows it. */
  public String getName() {
    return name;
  }

  /** Name by which the history shows it. */
  public CreateOperatorToken name(String name) {
    this.name = name;
    return this;
  }

  /** Scopes of the token, none that the caller lacks. */
  public List<OperatorScope> getScopes() {
    return scopes;
  }

  /** Scopes of the token, none that the caller lacks. */
  public CreateOperatorToken scopes(List<OperatorScope> scopes) {
    this.scopes = scopes;
    return this;
  }
}

