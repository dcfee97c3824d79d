// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** A webhook. */
public final class Webhook {
  @JsonProperty("account_id")
  private String accountId;

  @JsonProperty("application_id")
  private String applicationId;

  @JsonProperty("created_at")
  private OffsetDateTime createdAt;

  @JsonProperty("deleted_at")
  private OffsetDateTime deletedAt;

  @JsonProperty("description")
  private String description;

  @JsonProperty("disabled_reason")
  private DisabledReason disabledReason;

  @JsonProperty("environment")
  private Environment environment;

  @JsonProperty("event_types")
  private List<String> eventTypes;

  @JsonProperty("filter")
  private Map<String, Object> filter;

  @JsonProperty("headers")
  private Map<String, String> headers;

  @JsonProperty("id")
  private String id;

  @JsonProperty("include_object")
  private Boolean includeObject;

  @JsonProperty("jurisdiction")
  private Jurisdiction jurisdiction;

  @JsonProperty("object")
  private String object;

  @JsonProperty("rate_limit")
  private RateLimit rateLimit;

  @JsonProperty("recovery")
  private Recovery recovery;

  @JsonProperty("signing")
  private Signing signing;

  @JsonProperty("signing_secret")
  private String signingSecret;

  @JsonProperty("status")
  private WebhookStatus status;

  @JsonProperty("updated_at")
  private OffsetDateTime updatedAt;

  @JsonProperty("uri")
  private String uri;

  @JsonProperty("webhook_url")
  private String webhookUrl;

  /** The account that it belongs to. */
  public String getAccountId() {
    return accountId;
  }

  /** The account that it belongs to. */
  public Webhook accountId(String accountId) {
    this.accountId = accountId;
    return this;
  }

  /** Always &#x60;null&#x60;; there for clients of the modelled service. */
  public String getApplicationId() {
    return applicationId;
  }

  /** Always &#x60;null&#x60;; there for clients of the modelled service. */
  public Webhook applicationId(String applicationId) {
    this.applicationId = applicationId;
    return this;
  }

  /** Time of creation. */
  public OffsetDateTime getCreatedAt() {
    return createdAt;
  }

  /** Time of creation. */
  public Webhook createdAt(OffsetDateTime createdAt) {
    this.createdAt = createdAt;
    return this;
  }

  /** Time of deletion; &#x60;null&#x60; while it exists. */
  public OffsetDateTime getDeletedAt() {
    return deletedAt;
  }

  /** Time of deletion; &#x60;null&#x60; while it exists. */
  public Webhook deletedAt(OffsetDateTime deletedAt) {
    this.deletedAt = deletedAt;
    return this;
  }

  /** Description for people. */
  public String getDescription() {
    return description;
  }

  /** Description for people. */
  public Webhook description(String description) {
    this.description = description;
    return this;
  }

  /** Reason for being disabled: &#x60;manual&#x60;, &#x60;gone&#x60; (a receiver answered 410) or &#x60;failing&#x60; (every delivery failed for 60 days). */
  public DisabledReason getDisabledReason() {
    return disabledReason;
  }

  /** Reason for being disabled: &#x60;manual&#x60;, &#x60;gone&#x60; (a receiver answered 410) or &#x60;failing&#x60; (every delivery failed for 60 days). */
  public Webhook disabledReason(DisabledReason disabledReason) {
    this.disabledReason = disabledReason;
    return this;
  }

  /** Absent of an operational webhook. */
  public Environment getEnvironment() {
    return environment;
  }

  /** Absent of an operational webhook. */
  public Webhook environment(Environment environment) {
    this.environment = environment;
    return this;
  }

  /** Subscribed event types: exact names, &#x60;report.*&#x60;, or &#x60;*&#x60;. */
  public List<String> getEventTypes() {
    return eventTypes;
  }

  /** Subscribed event types: exact names, &#x60;report.*&#x60;, or &#x60;*&#x60;. */
  public Webhook eventTypes(List<String> eventTypes) {
    this.eventTypes = eventTypes;
    return this;
  }

  /** Event pattern of the events that are delivered; &#x60;null&#x60; for all that it subscribes to. */
  public Map<String, Object> getFilter() {
    return filter;
  }

  /** Event pattern of the events that are delivered; &#x60;null&#x60; for all that it subscribes to. */
  public Webhook filter(Map<String, Object> filter) {
    this.filter = filter;
    return this;
  }

  /** Headers of its own, their values masked. */
  public Map<String, String> getHeaders() {
    return headers;
  }

  /** Headers of its own, their values masked. */
  public Webhook headers(Map<String, String> headers) {
    this.headers = headers;
    return this;
  }

  /** Its identifier; sorts by creation. */
  public String getId() {
    return id;
  }

  /** Its identifier; sorts by creation. */
  public Webhook id(String id) {
    this.id = id;
    return this;
  }

  /** True if the payload contains the whole related object. */
  public Boolean getIncludeObject() {
    return includeObject;
  }

  /** True if the payload contains the whole related object. */
  public Webhook includeObject(Boolean includeObject) {
    this.includeObject = includeObject;
    return this;
  }

  /** Jurisdiction of the subjects of its events. */
  public Jurisdiction getJurisdiction() {
    return jurisdiction;
  }

  /** Jurisdiction of the subjects of its events. */
  public Webhook jurisdiction(Jurisdiction jurisdiction) {
    this.jurisdiction = jurisdiction;
    return this;
  }

  /** Type of this object. */
  public String getObject() {
    return object;
  }

  /** Type of this object. */
  public Webhook object(String object) {
    this.object = object;
    return this;
  }

  /** Rate of attempts; &#x60;null&#x60; for any. */
  public RateLimit getRateLimit() {
    return rateLimit;
  }

  /** Rate of attempts; &#x60;null&#x60; for any. */
  public Webhook rateLimit(RateLimit rateLimit) {
    this.rateLimit = rateLimit;
    return this;
  }

  /** Recovery that went on after its answer, where there was one; of a webhook that is shown alone. */
  public Recovery getRecovery() {
    return recovery;
  }

  /** Recovery that went on after its answer, where there was one; of a webhook that is shown alone. */
  public Webhook recovery(Recovery recovery) {
    this.recovery = recovery;
    return this;
  }

  /** Kind of its signatures. */
  public Signing getSigning() {
    return signing;
  }

  /** Kind of its signatures. */
  public Webhook signing(Signing signing) {
    this.signing = signing;
    return this;
  }

  /** Signing secret, or the public key of &#x60;ed25519&#x60;; of a new webhook only. The answer to a repeat is without it once it was destroyed. */
  public String getSigningSecret() {
    return signingSecret;
  }

  /** Signing secret, or the public key of &#x60;ed25519&#x60;; of a new webhook only. The answer to a repeat is without it once it was destroyed. */
  public Webhook signingSecret(String signingSecret) {
    this.signingSecret = signingSecret;
    return this;
  }

  /** &#x60;enabled&#x60; or &#x60;disabled&#x60;. */
  public WebhookStatus getStatus() {
    return status;
  }

  /** &#x60;enabled&#x60; or &#x60;disabled&#x60;. */
  public Webhook status(WebhookStatus status) {
    this.status = status;
    return this;
  }

  /** Time of the last change. */
  public OffsetDateTime getUpdatedAt() {
    return updatedAt;
  }

  /** Time of the last change. */
  public Webhook updatedAt(OffsetDateTime updatedAt) {
    this.updatedAt = updatedAt;
    return this;
  }

  /** Its path in this API. */
  public String getUri() {
    return uri;
  }

  /** Its path in this API. */
  public Webhook uri(String uri) {
    this.uri = uri;
    return this;
  }

  /** URL with its credentials masked. */
  public String getWebhookUrl() {
    return webhookUrl;
  }

  /** URL with its credentials masked. */
  public Webhook webhookUrl(String webhookUrl) {
    this.webhookUrl = webhookUrl;
    return this;
  }
}

