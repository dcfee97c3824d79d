// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** A webhook&#39;s signing secret. */
public final class WebhookSecret {
  @JsonProperty("id")
  private String id;

  @JsonProperty("object")
  private String object;

  @JsonProperty("previous_expires_at")
  private OffsetDateTime previousExpiresAt;

  @JsonProperty("signing_secret")
  private String signingSecret;

  /** Its identifier; sorts by creation. */
  public String getId() {
    return id;
  }

  /** Its identifier; sorts by creation. */
  public WebhookSecret id(String id) {
    this.id = id;
    return this;
  }

  /** Type of this object. */
  public String getObject() {
    return object;
  }

  /** Type of this object. */
  public WebhookSecret object(String object) {
    this.object = object;
    return this;
  }

  /** Time until which the old secret signs as well; after a rotation only. */
  public OffsetDateTime getPreviousExpiresAt() {
    return previousExpiresAt;
  }

  /** Time until which the old secret signs as well; after a rotation only. */
  public WebhookSecret previousExpiresAt(OffsetDateTime previousExpiresAt) {
    this.previousExpiresAt = previousExpiresAt;
    return this;
  }

  /** Signing secret, or the public key of &#x60;ed25519&#x60;; the answer to a repeat is without it once it was destroyed. */
  public String getSigningSecret() {
    return signingSecret;
  }

  /** Signing secret, or the public key of &#x60;ed25519&#x60;; the answer to a repeat is without it once it was destroyed. */
  public WebhookSecret signingSecret(String signingSecret) {
    this.signingSecret = signingSecret;
    return this;
  }
}

