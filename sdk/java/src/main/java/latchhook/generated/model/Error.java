// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/**  */
public final class Error {
  @JsonProperty("code")
  private ErrorCode code;

  @JsonProperty("error")
  private String error;

  @JsonProperty("param")
  private String param;

  @JsonProperty("request_id")
  private String requestId;

  /** Stable error code. */
  public ErrorCode getCode() {
    return code;
  }

  /** Stable error code. */
  public Error code(ErrorCode code) {
    this.code = code;
    return this;
  }

  /** Message for people. */
  public String getError() {
    return error;
  }

  /** Message for people. */
  public Error error(String error) {
    this.error = error;
    return this;
  }

  /** Name of the offending field; null if it has none that can be shown. */
  public String getParam() {
    return param;
  }

  /** Name of the offending field; null if it has none that can be shown. */
  public Error param(String param) {
    this.param = param;
    return this;
  }

  /** The request&#39;s identifier, as in &#x60;X-Request-Id&#x60;. */
  public String getRequestId() {
    return requestId;
  }

  /** The request&#39;s identifier, as in &#x60;X-Request-Id&#x60;. */
  public Error requestId(String requestId) {
    this.requestId = requestId;
    return this;
  }
}

