// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** A portal session as it is listed, until it expires. */
public final class PortalSessionRow {
  @JsonProperty("account_id")
  private String accountId;

  @JsonProperty("actor")
  private PortalSessionActor actor;

  @JsonProperty("capabilities")
  private List<Capability> capabilities;

  @JsonProperty("created_at")
  private OffsetDateTime createdAt;

  @JsonProperty("ended_at")
  private OffsetDateTime endedAt;

  @JsonProperty("expires_at")
  private OffsetDateTime expiresAt;

  @JsonProperty("id")
  private String id;

  @JsonProperty("object")
  private String object;

  /** The account that it belongs to. */
  public String getAccountId() {
    return accountId;
  }

  /** The account that it belongs to. */
  public PortalSessionRow accountId(String accountId) {
    this.accountId = accountId;
    return this;
  }

  /** Person of the customer&#39;s, where the operator told who that is. */
  public PortalSessionActor getActor() {
    return actor;
  }

  /** Person of the customer&#39;s, where the operator told who that is. */
  public PortalSessionRow actor(PortalSessionActor actor) {
    this.actor = actor;
    return this;
  }

  /** Everything that the session may do. */
  public List<Capability> getCapabilities() {
    return capabilities;
  }

  /** Everything that the session may do. */
  public PortalSessionRow capabilities(List<Capability> capabilities) {
    this.capabilities = capabilities;
    return this;
  }

  /** Time of creation. */
  public OffsetDateTime getCreatedAt() {
    return createdAt;
  }

  /** Time of creation. */
  public PortalSessionRow createdAt(OffsetDateTime createdAt) {
    this.createdAt = createdAt;
    return this;
  }

  /** Time at which it was ended before it expired. */
  public OffsetDateTime getEndedAt() {
    return endedAt;
  }

  /** Time at which it was ended before it expired. */
  public PortalSessionRow endedAt(OffsetDateTime endedAt) {
    this.endedAt = endedAt;
    return this;
  }

  /** Instant at which it stops working; &#x60;null&#x60; for never. */
  public OffsetDateTime getExpiresAt() {
    return expiresAt;
  }

  /** Instant at which it stops working; &#x60;null&#x60; for never. */
  public PortalSessionRow expiresAt(OffsetDateTime expiresAt) {
    this.expiresAt = expiresAt;
    return this;
  }

  /** Its identifier; sorts by creation. */
  public String getId() {
    return id;
  }

  /** Its identifier; sorts by creation. */
  public PortalSessionRow id(String id) {
    this.id = id;
    return this;
  }

  /** Type of this object. */
  public String getObject() {
    return object;
  }

  /** Type of this object. */
  public PortalSessionRow object(String object) {
    this.object = object;
    return this;
  }
}

