// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** An operator token; includes the token itself only if it is new. */
public final class OperatorToken {
  @JsonProperty("created_at")
  private OffsetDateTime createdAt;

  @JsonProperty("ended_at")
  private OffsetDateTime endedAt;

  @JsonProperty("expires_at")
  private OffsetDateTime expiresAt;

  @JsonProperty("id")
  private String id;

  @JsonProperty("last_used_at")
  private OffsetDateTime lastUsedAt;

  @JsonProperty("name")
  private String name;

  @JsonProperty("object")
  private String object;

  @JsonProperty("scopes")
  private List<OperatorScope> scopes;

  @JsonProperty("status")
  private OperatorTokenStatus status;

  @JsonProperty("token")
  private String token;

  @JsonProperty("uri")
  private String uri;

  /** Time of creation. */
  public OffsetDateTime getCreatedAt() {
    return createdAt;
  }

  /** Time of creation. */
  public OperatorToken createdAt(OffsetDateTime createdAt) {
    this.createdAt = createdAt;
    return this;
  }

  /** Time at which somebody ended the token. */
  public OffsetDateTime getEndedAt() {
    return endedAt;
  }

  /** Time at which somebody ended the token. */
  public OperatorToken endedAt(OffsetDateTime endedAt) {
    this.endedAt = endedAt;
    return this;
  }

  /** Instant at which the token stops working by itself. */
  public OffsetDateTime getExpiresAt() {
    return expiresAt;
  }

  /** Instant at which the token stops working by itself. */
  public OperatorToken expiresAt(OffsetDateTime expiresAt) {
    this.expiresAt = expiresAt;
    return this;
  }

  /** Its identifier; sorts by creation. */
  public String getId() {
    return id;
  }

  /** Its identifier; sorts by creation. */
  public OperatorToken id(String id) {
    this.id = id;
    return this;
  }

  /** Time of the last use, to the minute. */
  public OffsetDateTime getLastUsedAt() {
    return lastUsedAt;
  }

  /** Time of the last use, to the minute. */
  public OperatorToken lastUsedAt(OffsetDateTime lastUsedAt) {
    this.lastUsedAt = lastUsedAt;
    return this;
  }

  /** Its name. */
  public String getName() {
    return name;
  }

  /** Its name. */
  public OperatorToken name(String name) {
    this.name = name;
    return this;
  }

  /** Type of this object. */
  public String getObject() {
    return object;
  }

  /** Type of this object. */
  public OperatorToken object(String object) {
    this.object = object;
    return this;
  }

  /** Scopes of the routes that the token may call. */
  public List<OperatorScope> getScopes() {
    return scopes;
  }

  /** Scopes of the routes that the token may call. */
  public OperatorToken scopes(List<OperatorScope> scopes) {
    this.scopes = scopes;
    return this;
  }

  /** Its status, or the HTTP status of the response. */
  public OperatorTokenStatus getStatus() {
    return status;
  }

  /** Its status, or the HTTP status of the response. */
  public OperatorToken status(OperatorTokenStatus status) {
    this.status = status;
    return this;
  }

  /** The token itself: only of a new one, and kept nowhere. */
  public String getToken() {
    return token;
  }

  /** The token itself: only of a new one, and kept nowhere. */
  public OperatorToken token(String token) {
    this.token = token;
    return this;
  }

  /** Its path in this API. */
  public String getUri() {
    return uri;
  }

  /** Its path in this API. */
  public OperatorToken uri(String uri) {
    this.uri = uri;
    return this;
  }
}

