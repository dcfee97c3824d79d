// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** Request to the operator&#39;s own API. */
public final class RequestDescription {
  @JsonProperty("duration_ms")
  private Integer durationMs;

  @JsonProperty("ip")
  private String ip;

  @JsonProperty("method")
  private String method;

  @JsonProperty("path")
  private String path;

  @JsonProperty("status")
  private Integer status;

  @JsonProperty("user_agent")
  private String userAgent;

  /** Duration in milliseconds. */
  public Integer getDurationMs() {
    return durationMs;
  }

  /** Duration in milliseconds. */
  public RequestDescription durationMs(Integer durationMs) {
    this.durationMs = durationMs;
    return this;
  }

  /** The caller&#39;s address. */
  public String getIp() {
    return ip;
  }

  /** The caller&#39;s address. */
  public RequestDescription ip(String ip) {
    this.ip = ip;
    return this;
  }

  /** The request&#39;s method. */
  public String getMethod() {
    return method;
  }

  /** The request&#39;s method. */
  public RequestDescription method(String method) {
    this.method = method;
    return this;
  }

  /** The request&#39;s path, without its query. */
  public String getPath() {
    return path;
  }

  /** The request&#39;s path, without its query. */
  public RequestDescription path(String path) {
    this.path = path;
    return this;
  }

  /** Its status, or the HTTP status of the response. */
  public Integer getStatus() {
    return status;
  }

  /** Its status, or the HTTP status of the response. */
  public RequestDescription status(Integer status) {
    this.status = status;
    return this;
  }

  /** The caller&#39;s &#x60;User-Agent&#x60;. */
  public String getUserAgent() {
    return userAgent;
  }

  /** The caller&#39;s &#x60;User-Agent&#x60;. */
  public RequestDescription userAgent(String userAgent) {
    this.userAgent = userAgent;
    return this;
  }
}

