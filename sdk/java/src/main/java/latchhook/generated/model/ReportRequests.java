// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** Report of requests to the operator&#39;s own API, for an account&#39;s log. */
public final class ReportRequests {
  @JsonProperty("request_logs")
  private List<ReportedRequest> requestLogs;

  /** Requests, up to 500. */
  public List<ReportedRequest> getRequestLogs() {
    return requestLogs;
  }

  /** Requests, up to 500. */
  public ReportRequests requestLogs(List<ReportedRequest> requestLogs) {
    this.requestLogs = requestLogs;
    return this;
  }
}

