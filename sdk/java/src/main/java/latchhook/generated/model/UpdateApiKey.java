// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** A change of a key&#39;s settings. */
public final class UpdateApiKey {
  @JsonProperty("allowed_networks")
  private JsonNullable<List<String>> allowedNetworks = JsonNullable.undefined();

  @JsonProperty("metadata")
  private JsonNullable<Map<String, String>> metadata = JsonNullable.undefined();

  @JsonProperty("name")
  private JsonNullable<String> name = JsonNullable.undefined();

  @JsonProperty("rate_limit")
  private JsonNullable<RateLimit> rateLimit = JsonNullable.undefined();

  @JsonProperty("scopes")
  private JsonNullable<List<String>> scopes = JsonNullable.undefined();

  /** Networks from which it may be used; &#x60;null&#x60; for all. */
  public JsonNullable<List<String>> getAllowedNetworks() {
    return allowedNetworks;
  }

  /** Networks from which it may be used; &#x60;null&#x60; for all. Null is sent as that; what is not set is left as it is. */
  public UpdateApiKey allowedNetworks(List<String> allowedNetworks) {
    this.allowedNetworks = JsonNullable.of(allowedNetworks);
    return this;
  }

  /** Pairs in place of all that are there. For the operator alone. */
  public JsonNullable<Map<String, String>> getMetadata() {
    return metadata;
  }

  /** Pairs in place of all that are there. For the operator alone. Null is sent as that; what is not set is left as it is. */
  public UpdateApiKey metadata(Map<String, String> metadata) {
    this.metadata = JsonNullable.of(metadata);
    return this;
  }

  /** Display name; &#x60;null&#x60; removes it. */
  public JsonNullable<String> getName() {
    return name;
  }

  /** Display name; &#x60;null&#x60; removes it. Null is sent as that; what is not set is left as it is. */
  public UpdateApiKey name(String name) {
    this.name = JsonNullable.of(name);
    return this;
  }

  /** Rate limit; &#x60;null&#x60; for that of the installation. For the operator alone. */
  public JsonNullable<RateLimit> getRateLimit() {
    return rateLimit;
  }

  /** Rate limit; &#x60;null&#x60; for that of the installation. For the operator alone. Null is sent as that; what is not set is left as it is. */
  public UpdateApiKey rateLimit(RateLimit rateLimit) {
    this.rateLimit = JsonNullable.of(rateLimit);
    return this;
  }

  /** Scopes; &#x60;null&#x60; for everything. */
  public JsonNullable<List<String>> getScopes() {
    return scopes;
  }

  /** Scopes; &#x60;null&#x60; for everything. Null is sent as that; what is not set is left as it is. */
  public UpdateApiKey scopes(List<String> scopes) {
    this.scopes = JsonNullable.of(scopes);
    return this;
  }
}

