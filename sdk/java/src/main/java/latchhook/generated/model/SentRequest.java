// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** Request that was sent. */
public final class SentRequest {
  @JsonProperty("body")
  private String body;

  @JsonProperty("headers")
  private Map<String, String> headers;

  /** Body; &#x60;null&#x60; once the event is erased or no longer stored, and if no body could be made. */
  public String getBody() {
    return body;
  }

  /** Body; &#x60;null&#x60; once the event is erased or no longer stored, and if no body could be made. */
  public SentRequest body(String body) {
    this.body = body;
    return this;
  }

  /** Names and values; secret values are masked. */
  public Map<String, String> getHeaders() {
    return headers;
  }

  /** Names and values; secret values are masked. */
  public SentRequest headers(Map<String, String> headers) {
    this.headers = headers;
    return this;
  }
}

