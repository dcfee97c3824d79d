// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** Cause of failures. */
public final class FailureCause {
  @JsonProperty("error_code")
  private String errorCode;

  @JsonProperty("response_status")
  private Integer responseStatus;

  /** Stable code, as in a row of the log. */
  public String getErrorCode() {
    return errorCode;
  }

  /** Stable code, as in a row of the log. */
  public FailureCause errorCode(String errorCode) {
    this.errorCode = errorCode;
    return this;
  }

  /** Status that the receiver answers with; &#x60;null&#x60; if there is no answer. */
  public Integer getResponseStatus() {
    return responseStatus;
  }

  /** Status that the receiver answers with; &#x60;null&#x60; if there is no answer. */
  public FailureCause responseStatus(Integer responseStatus) {
    this.responseStatus = responseStatus;
    return this;
  }
}

