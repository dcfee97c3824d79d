// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** Request to verify a key. */
public final class VerifyApiKey {
  @JsonProperty("environment")
  private Environment environment;

  @JsonProperty("key")
  private String key;

  @JsonProperty("request")
  private RequestDescription request;

  @JsonProperty("scopes")
  private List<String> scopes;

  @JsonProperty("type")
  private KeyType type;

  /** Environment that your API serves. */
  public Environment getEnvironment() {
    return environment;
  }

  /** Environment that your API serves. */
  public VerifyApiKey environment(Environment environment) {
    this.environment = environment;
    return this;
  }

  /** Key, as the caller of your API sent it. */
  public String getKey() {
    return key;
  }

  /** Key, as the caller of your API sent it. */
  public VerifyApiKey key(String key) {
    this.key = key;
    return this;
  }

  /** Request that the key came with, for the account&#39;s log. */
  public RequestDescription getRequest() {
    return request;
  }

  /** Request that the key came with, for the account&#39;s log. */
  public VerifyApiKey request(RequestDescription request) {
    this.request = request;
    return this;
  }

  /** Scopes that the key has to have, all of them. */
  public List<String> getScopes() {
    return scopes;
  }

  /** Scopes that the key has to have, all of them. */
  public VerifyApiKey scopes(List<String> scopes) {
    this.scopes = scopes;
    return this;
  }

  /** Type of key that your API accepts. */
  public KeyType getType() {
    return type;
  }

  /** Type of key that your API accepts. */
  public VerifyApiKey type(KeyType type) {
    this.type = type;
    return this;
  }
}

