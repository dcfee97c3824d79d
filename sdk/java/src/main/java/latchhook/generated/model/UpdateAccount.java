// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** A change of an account. */
public final class UpdateAccount {
  @JsonProperty("credentialed")
  private Boolean credentialed;

  @JsonProperty("name")
  private String name;

  @JsonProperty("webhook_quota")
  private Integer webhookQuota;

  /** True to open live mode to the account, false to close it. */
  public Boolean getCredentialed() {
    return credentialed;
  }

  /** True to open live mode to the account, false to close it. */
  public UpdateAccount credentialed(Boolean credentialed) {
    this.credentialed = credentialed;
    return this;
  }

  /** Display name. */
  public String getName() {
    return name;
  }

  /** Display name. */
  public UpdateAccount name(String name) {
    this.name = name;
    return this;
  }

  /** Limit of webhooks in each environment. */
  public Integer getWebhookQuota() {
    return webhookQuota;
  }

  /** Limit of webhooks in each environment. */
  public UpdateAccount webhookQuota(Integer webhookQuota) {
    this.webhookQuota = webhookQuota;
    return this;
  }
}

