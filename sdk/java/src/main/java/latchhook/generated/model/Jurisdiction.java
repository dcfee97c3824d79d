// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Jurisdiction of an event&#39;s subject. &#x60;US&#x60;: United States, &#x60;CA&#x60;: Canada. */
public enum Jurisdiction {
  US("US"),
  CA("CA"),
  /** Value that a newer server has. */
  UNKNOWN(null);

  private final String value;

  Jurisdiction(String value) {
    this.value = value;
  }

  /** Returns the enumerator of a text in JSON. */
  @JsonCreator
  public static Jurisdiction of(String value) {
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

