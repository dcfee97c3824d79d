// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** Details of a request; masked, whatever was passed in. */
public final class RequestRowDetails {
  @JsonProperty("duration_ms")
  private Long durationMs;

  @JsonProperty("error_code")
  private String errorCode;

  @JsonProperty("ip")
  private String ip;

  @JsonProperty("method")
  private String method;

  @JsonProperty("path")
  private String path;

  @JsonProperty("request_id")
  private String requestId;

  @JsonProperty("status")
  private Integer status;

  @JsonProperty("user_agent")
  private String userAgent;

  /** Duration until the answer, in milliseconds. */
  public Long getDurationMs() {
    return durationMs;
  }

  /** Duration until the answer, in milliseconds. */
  public RequestRowDetails durationMs(Long durationMs) {
    this.durationMs = durationMs;
    return this;
  }

  /** Code of the error in the answer. */
  public String getErrorCode() {
    return errorCode;
  }

  /** Code of the error in the answer. */
  public RequestRowDetails errorCode(String errorCode) {
    this.errorCode = errorCode;
    return this;
  }

  /** IP address of the caller. */
  public String getIp() {
    return ip;
  }

  /** IP address of the caller. */
  public RequestRowDetails ip(String ip) {
    this.ip = ip;
    return this;
  }

  /** HTTP method. */
  public String getMethod() {
    return method;
  }

  /** HTTP method. */
  public RequestRowDetails method(String method) {
    this.method = method;
    return this;
  }

  /** Path, without the query. */
  public String getPath() {
    return path;
  }

  /** Path, without the query. */
  public RequestRowDetails path(String path) {
    this.path = path;
    return this;
  }

  /** Identifier of the request. */
  public String getRequestId() {
    return requestId;
  }

  /** Identifier of the request. */
  public RequestRowDetails requestId(String requestId) {
    this.requestId = requestId;
    return this;
  }

  /** HTTP status of the answer. */
  public Integer getStatus() {
    return status;
  }

  /** HTTP status of the answer. */
  public RequestRowDetails status(Integer status) {
    this.status = status;
    return this;
  }

  /** User agent of the caller. */
  public String getUserAgent() {
    return userAgent;
  }

  /** User agent of the caller. */
  public RequestRowDetails userAgent(String userAgent) {
    this.userAgent = userAgent;
    return this;
  }
}

