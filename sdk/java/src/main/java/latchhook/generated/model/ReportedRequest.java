// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** A request to the operator&#39;s own API. */
public final class ReportedRequest {
  @JsonProperty("api_key_id")
  private String apiKeyId;

  @JsonProperty("created_at")
  private OffsetDateTime createdAt;

  @JsonProperty("duration_ms")
  private Integer durationMs;

  @JsonProperty("environment")
  private Environment environment;

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

  /** Key of the account that the request was made with. */
  public String getApiKeyId() {
    return apiKeyId;
  }

  /** Key of the account that the request was made with. */
  public ReportedRequest apiKeyId(String apiKeyId) {
    this.apiKeyId = apiKeyId;
    return this;
  }

  /** Time of creation. */
  public OffsetDateTime getCreatedAt() {
    return createdAt;
  }

  /** Time of creation. */
  public ReportedRequest createdAt(OffsetDateTime createdAt) {
    this.createdAt = createdAt;
    return this;
  }

  /** Duration in milliseconds. */
  public Integer getDurationMs() {
    return durationMs;
  }

  /** Duration in milliseconds. */
  public ReportedRequest durationMs(Integer durationMs) {
    this.durationMs = durationMs;
    return this;
  }

  /** The environment that it belongs to. */
  public Environment getEnvironment() {
    return environment;
  }

  /** The environment that it belongs to. */
  public ReportedRequest environment(Environment environment) {
    this.environment = environment;
    return this;
  }

  /** The caller&#39;s address. */
  public String getIp() {
    return ip;
  }

  /** The caller&#39;s address. */
  public ReportedRequest ip(String ip) {
    this.ip = ip;
    return this;
  }

  /** The request&#39;s method. */
  public String getMethod() {
    return method;
  }

  /** The request&#39;s method. */
  public ReportedRequest method(String method) {
    this.method = method;
    return this;
  }

  /** The request&#39;s path, without its query. */
  public String getPath() {
    return path;
  }

  /** The request&#39;s path, without its query. */
  public ReportedRequest path(String path) {
    this.path = path;
    return this;
  }

  /** The request&#39;s identifier, as in &#x60;X-Request-Id&#x60;. */
  public String getRequestId() {
    return requestId;
  }

  /** The request&#39;s identifier, as in &#x60;X-Request-Id&#x60;. */
  public ReportedRequest requestId(String requestId) {
    this.requestId = requestId;
    return this;
  }

  /** Its status, or the HTTP status of the response. */
  public Integer getStatus() {
    return status;
  }

  /** Its status, or the HTTP status of the response. */
  public ReportedRequest status(Integer status) {
    this.status = status;
    return this;
  }

  /** The caller&#39;s &#x60;User-Agent&#x60;. */
  public String getUserAgent() {
    return userAgent;
  }

  /** The caller&#39;s &#x60;User-Agent&#x60;. */
  public ReportedRequest userAgent(String userAgent) {
    this.userAgent = userAgent;
    return this;
  }
}

