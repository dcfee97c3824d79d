// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** Response that was received. */
public final class ReceivedResponse {
  @JsonProperty("body_excerpt")
  private String bodyExcerpt;

  @JsonProperty("headers")
  private Map<String, String> headers;

  /** First KiB of the body; &#x60;null&#x60; once the event is erased. */
  public String getBodyExcerpt() {
    return bodyExcerpt;
  }

  /** First KiB of the body; &#x60;null&#x60; once the event is erased. */
  public ReceivedResponse bodyExcerpt(String bodyExcerpt) {
    this.bodyExcerpt = bodyExcerpt;
    return this;
  }

  /** Headers: the first 64 lines, 256 characters of each. Values of a repeated header are joined by commas; bytes that are not UTF-8 and control characters are escaped as &#x60;\\xE9&#x60;, a backslash as &#x60;\\\\&#x60;. */
  public Map<String, String> getHeaders() {
    return headers;
  }

  /** Headers: the first 64 lines, 256 characters of each. Values of a repeated header are joined by commas; bytes that are not UTF-8 and control characters are escaped as &#x60;\\xE9&#x60;, a backslash as &#x60;\\\\&#x60;. */
  public ReceivedResponse headers(Map<String, String> headers) {
    this.headers = headers;
    return this;
  }
}

