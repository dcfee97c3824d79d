// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** A new portal session. */
public final class CreatePortalSession {
  @JsonProperty("actor")
  private NewActor actor;

  @JsonProperty("capabilities")
  private List<Capability> capabilities;

  @JsonProperty("expires_in")
  private Integer expiresIn;

  @JsonProperty("return_url")
  private String returnUrl;

  /** Person of the customer&#39;s that it is for; the history names them. */
  public NewActor getActor() {
    return actor;
  }

  /** Person of the customer&#39;s that it is for; the history names them. */
  public CreatePortalSession actor(NewActor actor) {
    this.actor = actor;
    return this;
  }

  /** Everything that the session may do; by default all there is. */
  public List<Capability> getCapabilities() {
    return capabilities;
  }

  /** Everything that the session may do; by default all there is. */
  public CreatePortalSession capabilities(List<Capability> capabilities) {
    this.capabilities = capabilities;
    return this;
  }

  /** Duration of the session in seconds. */
  public Integer getExpiresIn() {
    return expiresIn;
  }

  /** Duration of the session in seconds. */
  public CreatePortalSession expiresIn(Integer expiresIn) {
    this.expiresIn = expiresIn;
    return this;
  }

  /** Address at your own site that the page leads back to. */
  public String getReturnUrl() {
    return returnUrl;
  }

  /** Address at your own site that the page leads back to. */
  public CreatePortalSession returnUrl(String returnUrl) {
    this.returnUrl = returnUrl;
    return this;
  }
}

