// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Status of a delivery. */
public enum DeliveryStatus {
  PENDING("pending"),
  RETRYING("retrying"),
  DELIVERED("delivered"),
  EXHAUSTED("exhausted"),
  CANCELLED("cancelled"),
  /** Value that a newer server has. */
  UNKNOWN(null);

  private final String value;

  DeliveryStatus(String value) {
    this.value = value;
  }

  /** Returns the enumerator of a text in JSON. */
  @JsonCreator
  public static DeliveryStatus of(String value) {
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

