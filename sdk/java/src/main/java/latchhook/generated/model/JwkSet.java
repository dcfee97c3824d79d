// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** Public keys of a webhook. */
public final class JwkSet {
  @JsonProperty("keys")
  private List<Jwk> keys;

  /** Keys that verify now, the newest first: two during the overlap of a rotation. */
  public List<Jwk> getKeys() {
    return keys;
  }

  /** Keys that verify now, the newest first: two during the overlap of a rotation. */
  public JwkSet keys(List<Jwk> keys) {
    this.keys = keys;
    return this;
  }
}

