// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Status of deliveries that a recovery can take up. */
public enum RecoverableStatus {
  EXHAUSTED("exhausted"),
  CANCELLED("cancelled"),
  RETRYING("retrying"),
  /** Value that a newer server has. */
  UNKNOWN(null);

  private final String value;

  RecoverableStatus(String value) {
    this.value = value;
  }

  /** Returns the enumerator of a text in JSON. */
  @JsonCreator
  public static RecoverableStatus of(String value) {
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

