// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** An account: one customer of the operator. */
public final class Account {
  @JsonProperty("closed_at")
  private OffsetDateTime closedAt;

  @JsonProperty("created_at")
  private OffsetDateTime createdAt;

  @JsonProperty("credentialed")
  private Boolean credentialed;

  @JsonProperty("credentialed_at")
  private OffsetDateTime credentialedAt;

  @JsonProperty("external_id")
  private String externalId;

  @JsonProperty("id")
  private String id;

  @JsonProperty("name")
  private String name;

  @JsonProperty("object")
  private String object;

  @JsonProperty("uri")
  private String uri;

  @JsonProperty("webhook_quota")
  private Integer webhookQuota;

  /** Time of closing; &#x60;null&#x60; while it is open. */
  public OffsetDateTime getClosedAt() {
    return closedAt;
  }

  /** Time of closing; &#x60;null&#x60; while it is open. */
  public Account closedAt(OffsetDateTime closedAt) {
    this.closedAt = closedAt;
    return this;
  }

  /** Time of creation. */
  public OffsetDateTime getCreatedAt() {
    return createdAt;
  }

  /** Time of creation. */
  public Account createdAt(OffsetDateTime createdAt) {
    this.createdAt = createdAt;
    return this;
  }

  /** True if live mode is open to the account. */
  public Boolean getCredentialed() {
    return credentialed;
  }

  /** True if live mode is open to the account. */
  public Account credentialed(Boolean credentialed) {
    this.credentialed = credentialed;
    return this;
  }

  /** Time at which live mode was opened; &#x60;null&#x60; while it is closed. */
  public OffsetDateTime getCredentialedAt() {
    return credentialedAt;
  }

  /** Time at which live mode was opened; &#x60;null&#x60; while it is closed. */
  public Account credentialedAt(OffsetDateTime credentialedAt) {
    this.credentialedAt = credentialedAt;
    return this;
  }

  /** Identifier in the operator&#39;s own system. */
  public String getExternalId() {
    return externalId;
  }

  /** Identifier in the operator&#39;s own system. */
  public Account externalId(String externalId) {
    this.externalId = externalId;
    return this;
  }

  /** Its identifier; sorts by creation. */
  public String getId() {
    return id;
  }

  /** Its identifier; sorts by creation. */
  public Account id(String id) {
    this.id = id;
    return this;
  }

  /** Its name. */
  public String getName() {
    return name;
  }

  /** Its name. */
  public Account name(String name) {
    this.name = name;
    return this;
  }

  /** Type of this object. */
  public String getObject() {
    return object;
  }

  /** Type of this object. */
  public Account object(String object) {
    this.object = object;
    return this;
  }

  /** Its path in this API. */
  public String getUri() {
    return uri;
  }

  /** Its path in this API. */
  public Account uri(String uri) {
    this.uri = uri;
    return this;
  }

  /** Limit of webhooks in each environment. */
  public Integer getWebhookQuota() {
    return webhookQuota;
  }

  /** Limit of webhooks in each environment. */
  public Account webhookQuota(Integer webhookQuota) {
    this.webhookQuota = webhookQuota;
    return this;
  }
}

