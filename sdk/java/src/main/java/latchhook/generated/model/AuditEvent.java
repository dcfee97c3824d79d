// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** An event in the account&#39;s settings. */
public final class AuditEvent {
  @JsonProperty("actor")
  private AuditActor actor;

  @JsonProperty("created_at")
  private OffsetDateTime createdAt;

  @JsonProperty("data")
  private Map<String, Object> data;

  @JsonProperty("id")
  private String id;

  @JsonProperty("ip")
  private String ip;

  @JsonProperty("object")
  private String object;

  @JsonProperty("request_id")
  private String requestId;

  @JsonProperty("subject")
  private String subject;

  @JsonProperty("type")
  private String type;

  /** The caller who did it. */
  public AuditActor getActor() {
    return actor;
  }

  /** The caller who did it. */
  public AuditEvent actor(AuditActor actor) {
    this.actor = actor;
    return this;
  }

  /** Time of creation. */
  public OffsetDateTime getCreatedAt() {
    return createdAt;
  }

  /** Time of creation. */
  public AuditEvent createdAt(OffsetDateTime createdAt) {
    this.createdAt = createdAt;
    return this;
  }

  /** Content of the event; never a secret. */
  public Map<String, Object> getData() {
    return data;
  }

  /** Content of the event; never a secret. */
  public AuditEvent data(Map<String, Object> data) {
    this.data = data;
    return this;
  }

  /** Its identifier; sorts by creation. */
  public String getId() {
    return id;
  }

  /** Its identifier; sorts by creation. */
  public AuditEvent id(String id) {
    this.id = id;
    return this;
  }

  /** The caller&#39;s address. */
  public String getIp() {
    return ip;
  }

  /** The caller&#39;s address. */
  public AuditEvent ip(String ip) {
    this.ip = ip;
    return this;
  }

  /** Type of this object. */
  public String getObject() {
    return object;
  }

  /** Type of this object. */
  public AuditEvent object(String object) {
    this.object = object;
    return this;
  }

  /** The request&#39;s identifier, as in &#x60;X-Request-Id&#x60;. */
  public String getRequestId() {
    return requestId;
  }

  /** The request&#39;s identifier, as in &#x60;X-Request-Id&#x60;. */
  public AuditEvent requestId(String requestId) {
    this.requestId = requestId;
    return this;
  }

  /** The account, key or webhook that changed. */
  public String getSubject() {
    return subject;
  }

  /** The account, key or webhook that changed. */
  public AuditEvent subject(String subject) {
    this.subject = subject;
    return this;
  }

  /** Its type. */
  public String getType() {
    return type;
  }

  /** Its type. */
  public AuditEvent type(String type) {
    this.type = type;
    return this;
  }
}

