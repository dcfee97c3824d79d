// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** An API key; includes the key itself only if it is new or publishable. */
public final class ApiKey {
  @JsonProperty("account_id")
  private String accountId;

  @JsonProperty("allowed_networks")
  private List<String> allowedNetworks;

  @JsonProperty("created_at")
  private OffsetDateTime createdAt;

  @JsonProperty("environment")
  private Environment environment;

  @JsonProperty("expires_at")
  private OffsetDateTime expiresAt;

  @JsonProperty("id")
  private String id;

  @JsonProperty("imported")
  private Boolean imported;

  @JsonProperty("key")
  private String key;

  @JsonProperty("last_used_at")
  private OffsetDateTime lastUsedAt;

  @JsonProperty("metadata")
  private Map<String, String> metadata;

  @JsonProperty("name")
  private String name;

  @JsonProperty("object")
  private String object;

  @JsonProperty("rate_limit")
  private RateLimit rateLimit;

  @JsonProperty("redacted")
  private String redacted;

  @JsonProperty("replaced_by")
  private String replacedBy;

  @JsonProperty("revealable")
  private Boolean revealable;

  @JsonProperty("scopes")
  private List<String> scopes;

  @JsonProperty("status")
  private KeyStatus status;

  @JsonProperty("type")
  private KeyType type;

  @JsonProperty("uri")
  private String uri;

  /** The account that it belongs to. */
  public String getAccountId() {
    return accountId;
  }

  /** The account that it belongs to. */
  public ApiKey accountId(String accountId) {
    this.accountId = accountId;
    return this;
  }

  /** Networks from which it may be used; &#x60;null&#x60; for all. */
  public List<String> getAllowedNetworks() {
    return allowedNetworks;
  }

  /** Networks from which it may be used; &#x60;null&#x60; for all. */
  public ApiKey allowedNetworks(List<String> allowedNetworks) {
    this.allowedNetworks = allowedNetworks;
    return this;
  }

  /** Time of creation. */
  public OffsetDateTime getCreatedAt() {
    return createdAt;
  }

  /** Time of creation. */
  public ApiKey createdAt(OffsetDateTime createdAt) {
    this.createdAt = createdAt;
    return this;
  }

  /** The environment that it belongs to. */
  public Environment getEnvironment() {
    return environment;
  }

  /** The environment that it belongs to. */
  public ApiKey environment(Environment environment) {
    this.environment = environment;
    return this;
  }

  /** Instant at which the key stops working. */
  public OffsetDateTime getExpiresAt() {
    return expiresAt;
  }

  /** Instant at which the key stops working. */
  public ApiKey expiresAt(OffsetDateTime expiresAt) {
    this.expiresAt = expiresAt;
    return this;
  }

  /** Its identifier; sorts by creation. */
  public String getId() {
    return id;
  }

  /** Its identifier; sorts by creation. */
  public ApiKey id(String id) {
    this.id = id;
    return this;
  }

  /** True if the key was made elsewhere. */
  public Boolean getImported() {
    return imported;
  }

  /** True if the key was made elsewhere. */
  public ApiKey imported(Boolean imported) {
    this.imported = imported;
    return this;
  }

  /** The whole key: only of a new key, or of a publishable one. */
  public String getKey() {
    return key;
  }

  /** The whole key: only of a new key, or of a publishable one. */
  public ApiKey key(String key) {
    this.key = key;
    return this;
  }

  /** Time of the last use, to the minute. */
  public OffsetDateTime getLastUsedAt() {
    return lastUsedAt;
  }

  /** Time of the last use, to the minute. */
  public ApiKey lastUsedAt(OffsetDateTime lastUsedAt) {
    this.lastUsedAt = lastUsedAt;
    return this;
  }

  /** Pairs of your own. */
  public Map<String, String> getMetadata() {
    return metadata;
  }

  /** Pairs of your own. */
  public ApiKey metadata(Map<String, String> metadata) {
    this.metadata = metadata;
    return this;
  }

  /** Its name. */
  public String getName() {
    return name;
  }

  /** Its name. */
  public ApiKey name(String name) {
    this.name = name;
    return this;
  }

  /** Type of this object. */
  public String getObject() {
    return object;
  }

  /** Type of this object. */
  public ApiKey object(String object) {
    this.object = object;
    return this;
  }

  /** Rate limit of its own; &#x60;null&#x60; for that of the installation. */
  public RateLimit getRateLimit() {
    return rateLimit;
  }

  /** Rate limit of its own; &#x60;null&#x60; for that of the installation. */
  public ApiKey rateLimit(RateLimit rateLimit) {
    this.rateLimit = rateLimit;
    return this;
  }

  /** The key in redacted form, as lists show it. */
  public String getRedacted() {
    return redacted;
  }

  /** The key in redacted form, as lists show it. */
  public ApiKey redacted(String redacted) {
    this.redacted = redacted;
    return this;
  }

  /** Key that replaced this one when it was rolled. */
  public String getReplacedBy() {
    return replacedBy;
  }

  /** Key that replaced this one when it was rolled. */
  public ApiKey replacedBy(String replacedBy) {
    this.replacedBy = replacedBy;
    return this;
  }

  /** True if the whole key can be shown; otherwise only its hash is known. */
  public Boolean getRevealable() {
    return revealable;
  }

  /** True if the whole key can be shown; otherwise only its hash is known. */
  public ApiKey revealable(Boolean revealable) {
    this.revealable = revealable;
    return this;
  }

  /** Scopes of the key; &#x60;null&#x60; for everything, an empty list for nothing. */
  public List<String> getScopes() {
    return scopes;
  }

  /** Scopes of the key; &#x60;null&#x60; for everything, an empty list for nothing. */
  public ApiKey scopes(List<String> scopes) {
    this.scopes = scopes;
    return this;
  }

  /** &#x60;active&#x60; or &#x60;expired&#x60;. */
  public KeyStatus getStatus() {
    return status;
  }

  /** &#x60;active&#x60; or &#x60;expired&#x60;. */
  public ApiKey status(KeyStatus status) {
    this.status = status;
    return this;
  }

  /** Its type. */
  public KeyType getType() {
    return type;
  }

  /** Its type. */
  public ApiKey type(KeyType type) {
    this.type = type;
    return this;
  }

  /** Its path in this API. */
  public String getUri() {
    return uri;
  }

  /** Its path in this API. */
  public ApiKey uri(String uri) {
    this.uri = uri;
    return this;
  }
}

