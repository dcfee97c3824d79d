// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** A slow webhook. */
public final class Slow {
  @JsonProperty("account_id")
  private String accountId;

  @JsonProperty("account_name")
  private String accountName;

  @JsonProperty("environment")
  private Environment environment;

  @JsonProperty("status")
  private WebhookStatus status;

  @JsonProperty("webhook_id")
  private String webhookId;

  @JsonProperty("webhook_url")
  private String webhookUrl;

  @JsonProperty("last_at")
  private OffsetDateTime lastAt;

  @JsonProperty("slow_attempts")
  private Long slowAttempts;

  @JsonProperty("slowest_ms")
  private Long slowestMs;

  /** The account that it belongs to. */
  public String getAccountId() {
    return accountId;
  }

  /** The account that it belongs to. */
  public Slow accountId(String accountId) {
    this.accountId = accountId;
    return this;
  }

  /** Display name of the account. */
  public String getAccountName() {
    return accountName;
  }

  /** Display name of the account. */
  public Slow accountName(String accountName) {
    this.accountName = accountName;
    return this;
  }

  /** The environment that it belongs to. */
  public Environment getEnvironment() {
    return environment;
  }

  /** The environment that it belongs to. */
  public Slow environment(Environment environment) {
    this.environment = environment;
    return this;
  }

  /** &#x60;enabled&#x60; or &#x60;disabled&#x60;; &#x60;null&#x60; once the webhook is deleted. */
  public WebhookStatus getStatus() {
    return status;
  }

  /** &#x60;enabled&#x60; or &#x60;disabled&#x60;; &#x60;null&#x60; once the webhook is deleted. */
  public Slow status(WebhookStatus status) {
    this.status = status;
    return this;
  }

  /** The webhook&#39;s identifier. */
  public String getWebhookId() {
    return webhookId;
  }

  /** The webhook&#39;s identifier. */
  public Slow webhookId(String webhookId) {
    this.webhookId = webhookId;
    return this;
  }

  /** URL with its credentials masked; &#x60;null&#x60; once the webhook is deleted. */
  public String getWebhookUrl() {
    return webhookUrl;
  }

  /** URL with its credentials masked; &#x60;null&#x60; once the webhook is deleted. */
  public Slow webhookUrl(String webhookUrl) {
    this.webhookUrl = webhookUrl;
    return this;
  }

  /** Time of the newest of them. */
  public OffsetDateTime getLastAt() {
    return lastAt;
  }

  /** Time of the newest of them. */
  public Slow lastAt(OffsetDateTime lastAt) {
    this.lastAt = lastAt;
    return this;
  }

  /** Number of its attempts in this hour and the 23 before it that took a second or more. */
  public Long getSlowAttempts() {
    return slowAttempts;
  }

  /** Number of its attempts in this hour and the 23 before it that took a second or more. */
  public Slow slowAttempts(Long slowAttempts) {
    this.slowAttempts = slowAttempts;
    return this;
  }

  /** Duration of the slowest of its attempts among the newest. */
  public Long getSlowestMs() {
    return slowestMs;
  }

  /** Duration of the slowest of its attempts among the newest. */
  public Slow slowestMs(Long slowestMs) {
    this.slowestMs = slowestMs;
    return this;
  }
}

