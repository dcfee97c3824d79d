// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** Hash of a key. */
public final class KeyHash {
  @JsonProperty("algorithm")
  private String algorithm;

  @JsonProperty("value")
  private String value;

  /** Always &#x60;sha256&#x60;. */
  public String getAlgorithm() {
    return algorithm;
  }

  /** Always &#x60;sha256&#x60;. */
  public KeyHash algorithm(String algorithm) {
    this.algorithm = algorithm;
    return this;
  }

  /** 64 hexadecimal digits. */
  public String getValue() {
    return value;
  }

  /** 64 hexadecimal digits. */
  public KeyHash value(String value) {
    this.value = value;
    return this;
  }
}

