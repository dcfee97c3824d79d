// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** Result of a verification. All fields but &#x60;code&#x60; and &#x60;missing_scopes&#x60; are filled only for a valid key. */
public final class Verification {
  @JsonProperty("account_external_id")
  private String accountExternalId;

  @JsonProperty("account_id")
  private String accountId;

  @JsonProperty("code")
  private String code;

  @JsonProperty("environment")
  private Environment environment;

  @JsonProperty("expires_at")
  private OffsetDateTime expiresAt;

  @JsonProperty("key_id")
  private String keyId;

  @JsonProperty("metadata")
  private Map<String, String> metadata;

  @JsonProperty("missing_scopes")
  private List<String> missingScopes;

  @JsonProperty("name")
  private String name;

  @JsonProperty("object")
  private String object;

  @JsonProperty("rate_limit")
  private RateLimitLeft rateLimit;

  @JsonProperty("scopes")
  private List<String> scopes;

  @JsonProperty("type")
  private KeyType type;

  @JsonProperty("valid")
  private Boolean valid;

  /** The account&#39;s identifier in the operator&#39;s own system. */
  public String getAccountExternalId() {
    return accountExternalId;
  }

  /** The account&#39;s identifier in the operator&#39;s own system. */
  public Verification accountExternalId(String accountExternalId) {
    this.accountExternalId = accountExternalId;
    return this;
  }

  /** The account that it belongs to. */
  public String getAccountId() {
    return accountId;
  }

  /** The account that it belongs to. */
  public Verification accountId(String accountId) {
    this.accountId = accountId;
    return this;
  }

  /** &#x60;valid&#x60;, &#x60;not_found&#x60;, &#x60;expired&#x60;, &#x60;wrong_environment&#x60;, &#x60;wrong_type&#x60;, &#x60;account_not_credentialed&#x60;, &#x60;account_closed&#x60;, &#x60;ip_not_allowed&#x60;, &#x60;insufficient_scope&#x60; or &#x60;rate_limited&#x60;. */
  public String getCode() {
    return code;
  }

  /** &#x60;valid&#x60;, &#x60;not_found&#x60;, &#x60;expired&#x60;, &#x60;wrong_environment&#x60;, &#x60;wrong_type&#x60;, &#x60;account_not_credentialed&#x60;, &#x60;account_closed&#x60;, &#x60;ip_not_allowed&#x60;, &#x60;insufficient_scope&#x60; or &#x60;rate_limited&#x60;. */
  public Verification code(String code) {
    this.code = code;
    return this;
  }

  /** The environment that it belongs to. */
  public Environment getEnvironment() {
    return environment;
  }

  /** The environment that it belongs to. */
  public Verification environment(Environment environment) {
    this.environment = environment;
    return this;
  }

  /** Instant at which it stops working; &#x60;null&#x60; for never. */
  public OffsetDateTime getExpiresAt() {
    return expiresAt;
  }

  /** Instant at which it stops working; &#x60;null&#x60; for never. */
  public Verification expiresAt(OffsetDateTime expiresAt) {
    this.expiresAt = expiresAt;
    return this;
  }

  /** The key&#39;s identifier. */
  public String getKeyId() {
    return keyId;
  }

  /** The key&#39;s identifier. */
  public Verification keyId(String keyId) {
    this.keyId = keyId;
    return this;
  }

  /** Pairs of your own. */
  public Map<String, String> getMetadata() {
    return metadata;
  }

  /** Pairs of your own. */
  public Verification metadata(Map<String, String> metadata) {
    this.metadata = metadata;
    return this;
  }

  /** Scopes that the key lacks, with &#x60;insufficient_scope&#x60;. */
  public List<String> getMissingScopes() {
    return missingScopes;
  }

  /** Scopes that the key lacks, with &#x60;insufficient_scope&#x60;. */
  public Verification missingScopes(List<String> missingScopes) {
    this.missingScopes = missingScopes;
    return this;
  }

  /** Display name of the key. */
  public String getName() {
    return name;
  }

  /** Display name of the key. */
  public Verification name(String name) {
    this.name = name;
    return this;
  }

  /** Type of this object. */
  public String getObject() {
    return object;
  }

  /** Type of this object. */
  public Verification object(String object) {
    this.object = object;
    return this;
  }

  /** Rest of the key&#39;s rate limit, this use counted. */
  public RateLimitLeft getRateLimit() {
    return rateLimit;
  }

  /** Rest of the key&#39;s rate limit, this use counted. */
  public Verification rateLimit(RateLimitLeft rateLimit) {
    this.rateLimit = rateLimit;
    return this;
  }

  /** Scopes of the key; &#x60;null&#x60; for everything. */
  public List<String> getScopes() {
    return scopes;
  }

  /** Scopes of the key; &#x60;null&#x60; for everything. */
  public Verification scopes(List<String> scopes) {
    this.scopes = scopes;
    return this;
  }

  /** Its type. */
  public KeyType getType() {
    return type;
  }

  /** Its type. */
  public Verification type(KeyType type) {
    this.type = type;
    return this;
  }

  /** True if the key may be used as asked. */
  public Boolean getValid() {
    return valid;
  }

  /** True if the key may be used as asked. */
  public Verification valid(Boolean valid) {
    this.valid = valid;
    return this;
  }
}

