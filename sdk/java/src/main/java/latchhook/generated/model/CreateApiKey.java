// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** A new API key. */
public final class CreateApiKey {
  @JsonProperty("allowed_networks")
  private List<String> allowedNetworks;

  @JsonProperty("environment")
  private Environment environment;

  @JsonProperty("expires_at")
  private OffsetDateTime expiresAt;

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
  public CreateApiKey allowedNetworks(List<String> allowedNetworks) {
    this.allowedNetworks = allowedNetworks;
    return this;
  }

  /** &#x60;test&#x60; or &#x60;live&#x60;. */
  public Environment getEnvironment() {
    return environment;
  }

  /** &#x60;test&#x60; or &#x60;live&#x60;. */
  public CreateApiKey environment(Environment environment) {
    this.environment = environment;
    return this;
  }

  /** Instant at which the key stops working. */
  public OffsetDateTime getExpiresAt() {
    return expiresAt;
  }

  /** Instant at which the key stops working. */
  public CreateApiKey expiresAt(OffsetDateTime expiresAt) {
    this.expiresAt = expiresAt;
    return this;
  }

  /** Pairs of your own. For the operator alone. */
  public Map<String, String> getMetadata() {
    return metadata;
  }

  /** Pairs of your own. For the operator alone. */
  public CreateApiKey metadata(Map<String, String> metadata) {
    this.metadata = metadata;
    return this;
  }

  /** Display name. */
  public String getName() {
    return name;
  }

  /** Display name. */
  public CreateApiKey name(String name) {
    this.name = name;
    return this;
  }

  /** Rate limit of its own. For the operator alone. */
  public RateLimit getRateLimit() {
    return rateLimit;
  }

  /** Rate limit of its own. For the operator alone. */
  public CreateApiKey rateLimit(RateLimit rateLimit) {
    this.rateLimit = rateLimit;
    return this;
  }

  /** Scopes of the key; by default everything. */
  public List<String> getScopes() {
    return scopes;
  }

  /** Scopes of the key; by default everything. */
  public CreateApiKey scopes(List<String> scopes) {
    this.scopes = scopes;
    return this;
  }

  /** &#x60;secret&#x60; or &#x60;publishable&#x60;. */
  public KeyType getType() {
    return type;
  }

  /** &#x60;secret&#x60; or &#x60;publishable&#x60;. */
  public CreateApiKey type(KeyType type) {
    this.type = type;
    return this;
  }
}

