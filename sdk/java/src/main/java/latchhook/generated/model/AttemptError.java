// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** Failure of an attempt. */
public final class AttemptError {
  @JsonProperty("code")
  private String code;

  @JsonProperty("message")
  private String message;

  /** Stable code. */
  public String getCode() {
    return code;
  }

  /** Stable code. */
  public AttemptError code(String code) {
    this.code = code;
    return this;
  }

  /** Message for people. */
  public String getMessage() {
    return message;
  }

  /** Message for people. */
  public AttemptError message(String message) {
    this.message = message;
    return this;
  }
}

