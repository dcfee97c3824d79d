// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Capability of a portal session. */
public enum Capability {
  KEYS_READ("keys:read"),
  KEYS_WRITE("keys:write"),
  KEYS_REVEAL("keys:reveal"),
  WEBHOOKS_READ("webhooks:read"),
  WEBHOOKS_WRITE("webhooks:write"),
  LOGS_READ("logs:read"),
  /** Value that a newer server has. */
  UNKNOWN(null);

  private final String value;

  Capability(String value) {
    this.value = value;
  }

  /** Returns the enumerator of a text in JSON. */
  @JsonCreator
  public static Capability of(String value) {
    for (var each : values()) {
      if (value.equals(each.value)) {
        return each;
      }
    }
    return UNKNOWN;
  }

  /** Returns its text in JSON; null for {@link #UNKNOWN}. */
  @JsonValue
  public String value() {
    return value;
  }

  @Override
  public String toString() {
    return String.valueOf(value);
  }
}

