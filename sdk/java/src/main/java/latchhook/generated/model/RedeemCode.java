// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** A sign-in code. */
public final class RedeemCode {
  @JsonProperty("code")
  private String code;

  /** Sign-in code, from after &#x60;?code&#x3D;&#x60; in the session&#39;s &#x60;url&#x60;. */
  public String getCode() {
    return code;
  }

  /** Sign-in code, from after &#x60;?code&#x3D;&#x60; in the session&#39;s &#x60;url&#x60;. */
  public RedeemCode code(String code) {
    this.code = code;
    return this;
  }
}

