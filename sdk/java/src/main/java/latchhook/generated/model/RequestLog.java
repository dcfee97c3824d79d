// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** A request made with an API key. */
public final class RequestLog implements Log {
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

  @JsonProperty("api_key_id")
  private String apiKeyId;

  @JsonProperty("count")
  private Long count;

  @JsonProperty("created_at")
  private OffsetDateTime createdAt;

  @JsonProperty("environment")
  private Environment environment;

  @JsonProperty("id")
  private String id;

  @JsonProperty("kind")
  private String kind;

  @JsonProperty("object")
  private String object;

  /** Duration until the answer, in milliseconds. */
  public Long getDurationMs() {
    return durationMs;
  }

  /** Duration until the answer, in milliseconds. */
  public RequestLog durationMs(Long durationMs) {
    this.durationMs = durationMs;
    return this;
  }

  /** Code of the error in the answer. */
  public String getErrorCode() {
    return errorCode;
  }

  /** Code of the error in the answer. */
  public RequestLog errorCode(String errorCode) {
    this.errorCode = errorCode;
    return this;
  }

  /** IP address of the caller. */
  public String getIp() {
    return ip;
  }

  /** IP address of the caller. */
  public RequestLog ip(String ip) {
    this.ip = ip;
    return this;
  }

  /** HTTP method. */
  public String getMethod() {
    return method;
  }

  /** HTTP method. */
  public RequestLog method(String method) {
    this.method = method;
    return this;
  }

  /** Path, without the query. */
  public String getPath() {
    return path;
  }

  /** Path, without the query. */
  public RequestLog path(String path) {
    this.path = path;
    return this;
  }

  /** Identifier of the request. */
  public String getRequestId() {
    return requestId;
  }

  /** Identifier of the request. */
  public RequestLog requestId(String requestId) {
    this.requestId = requestId;
    return this;
  }

  /** HTTP status of the answer. */
  public Integer getStatus() {
    return status;
  }

  /** HTTP status of the answer. */
  public RequestLog status(Integer status) {
    this.status = status;
    return this;
  }

  /** User agent of the caller. */
  public String getUserAgent() {
    return userAgent;
  }

  /** User agent of the caller. */
  public RequestLog userAgent(String userAgent) {
    this.userAgent = userAgent;
    return this;
  }

  /** The key that was used; &#x60;null&#x60; if it was none of the account&#39;s. */
  public String getApiKeyId() {
    return apiKeyId;
  }

  /** The key that was used; &#x60;null&#x60; if it was none of the account&#39;s. */
  public RequestLog apiKeyId(String apiKeyId) {
    this.apiKeyId = apiKeyId;
    return this;
  }

  /** Number of requests that the row stands for, where it stands for all of a minute: those that were refused for their key, or that are beyond the account&#39;s log quota. The rest of the row is about the first of them; the status and the code are the latest&#39;s. */
  public Long getCount() {
    return count;
  }

  /** Number of requests that the row stands for, where it stands for all of a minute: those that were refused for their key, or that are beyond the account&#39;s log quota. The rest of the row is about the first of them; the status and the code are the latest&#39;s. */
  public RequestLog count(Long count) {
    this.count = count;
    return this;
  }

  /** Time of creation. */
  public OffsetDateTime getCreatedAt() {
    return createdAt;
  }

  /** Time of creation. */
  public RequestLog createdAt(OffsetDateTime createdAt) {
    this.createdAt = createdAt;
    return this;
  }

  /** The environment that it belongs to. */
  public Environment getEnvironment() {
    return environment;
  }

  /** The environment that it belongs to. */
  public RequestLog environment(Environment environment) {
    this.environment = environment;
    return this;
  }

  /** Its identifier; sorts by creation. */
  public String getId() {
    return id;
  }

  /** Its identifier; sorts by creation. */
  public RequestLog id(String id) {
    this.id = id;
    return this;
  }

  /** Kind of log that the row is in. */
  public String getKind() {
    return kind;
  }

  /** Kind of log that the row is in. */
  public RequestLog kind(String kind) {
    this.kind = kind;
    return this;
  }

  /** Type of this object. */
  public String getObject() {
    return object;
  }

  /** Type of this object. */
  public RequestLog object(String object) {
    this.object = object;
    return this;
  }
}

