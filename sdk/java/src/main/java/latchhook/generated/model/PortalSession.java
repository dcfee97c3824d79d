// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** A portal session. */
public final class PortalSession {
  @JsonProperty("expires_at")
  private OffsetDateTime expiresAt;

  @JsonProperty("id")
  private String id;

  @JsonProperty("object")
  private String object;

  @JsonProperty("token")
  private String token;

  @JsonProperty("url")
  private String url;

  /** Instant at which it stops working; &#x60;null&#x60; for never. */
  public OffsetDateTime getExpiresAt() {
    return expiresAt;
  }

  /** Instant at which it stops working; &#x60;null&#x60; for never. */
  public PortalSession expiresAt(OffsetDateTime expiresAt) {
    this.expiresAt = expiresAt;
    return this;
  }

  /** Its identifier; sorts by creation. */
  public String getId() {
    return id;
  }

  /** Its identifier; sorts by creation. */
  public PortalSession id(String id) {
    this.id = id;
    return this;
  }

  /** Type of this object. */
  public String getObject() {
    return object;
  }

  /** Type of this object. */
  public PortalSession object(String object) {
    this.object = object;
    return this;
  }

  /** Bearer token of the session. */
  public String getToken() {
    return token;
  }

  /** Bearer token of the session. */
  public PortalSession token(String token) {
    this.token = token;
    return this;
  }

  /** Link that opens the dashboard, where the person confirms to sign in, within 10 minutes. Opening the link changes nothing by itself, so a mail scanner may. */
  public String getUrl() {
    return url;
  }

  /** Link that opens the dashboard, where the person confirms to sign in, within 10 minutes. Opening the link changes nothing by itself, so a mail scanner may. */
  public PortalSession url(String url) {
    this.url = url;
    return this;
  }
}

