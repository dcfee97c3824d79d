// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** A key that somebody else made, by its value or by its hash. */
public final class ImportedApiKey {
  @JsonProperty("allowed_networks")
  private List<String> allowedNetworks;

  @JsonProperty("environment")
  private Environment environment;

  @JsonProperty("expires_at")
  private OffsetDateTime expiresAt;

  @JsonProperty("hash")
  private KeyHash hash;

  @JsonProperty("key")
  private String key;

  @JsonProperty("metadata")
  private Map<String, String> metadata;

  @JsonProperty("name")
  private String name;

  @JsonProperty("rate_limit")
  private RateLimit rateLimit;

  @JsonProperty("scopes")
  private List<String> scopes;

  @JsonProperty("type")
  private KeyType type;

  /** Networks from which it may be used; by default all. */
  public List<String> getAllowedNetworks() {
    return allowedNetworks;
  }

  /** Networks from which it may be used; by default all. */
  public ImportedApiKey allowedNetworks(List<String> allowedNetworks) {
    this.allowedNetworks = allowedNetworks;
    return this;
  }

  /** &#x60;test&#x60; or &#x60;live&#x60;. */
  public Environment getEnvironment() {
    return environment;
  }

  /** &#x60;test&#x60; or &#x60;live&#x60;. */
  public ImportedApiKey environment(Environment environment) {
    this.environment = environment;
    return this;
  }

  /** Instant at which the key stops working. */
  public OffsetDateTime getExpiresAt() {
    return expiresAt;
  }

  /** Instant at which the key stops working. */
  public ImportedApiKey expiresAt(OffsetDateTime expiresAt) {
    this.expiresAt = expiresAt;
    return this;
  }

  /** Its hash, in place of the key, which then can&#39;t be revealed. */
  public KeyHash getHash() {
    return hash;
  }

  /** Its hash, in place of the key, which then can&#39;t be revealed. */
  public ImportedApiKey hash(KeyHash hash) {
    this.hash = hash;
    return this;
  }

  /** The key: 8 to 255 visible ASCII characters of any form. */
  public String getKey() {
    return key;
  }

  /** The key: 8 to 255 visible ASCII characters of any form. */
  public ImportedApiKey key(String key) {
    this.key = key;
    return this;
  }

  /** Pairs of your own. */
  public Map<String, String> getMetadata() {
    return metadata;
  }

  /** Pairs of your own. */
  public ImportedApiKey metadata(Map<String, String> metadata) {
    this.metadata = metadata;
    return this;
  }

  /** Display name. */
  public String getName() {
    return name;
  }

  /** Display name. */
  public ImportedApiKey name(String name) {
    this.name = name;
    return this;
  }

  /** Rate limit of its own. */
  public RateLimit getRateLimit() {
    return rateLimit;
  }

  /** Rate limit of its own. */
  public ImportedApiKey rateLimit(RateLimit rateLimit) {
    this.rateLimit = rateLimit;
    return this;
  }

  /** Scopes of the key; by default everything. */
  public List<String> getScopes() {
    return scopes;
  }

  /** Scopes of the key; by default everything. */
  public ImportedApiKey scopes(List<String> scopes) {
    this.scopes = scopes;
    return this;
  }

  /** &#x60;secret&#x60; or &#x60;publishable&#x60;. */
  public KeyType getType() {
    return type;
  }

  /** &#x60;secret&#x60; or &#x60;publishable&#x60;. */
  public ImportedApiKey type(KeyType type) {
    this.type = type;
    return this;
  }
}

