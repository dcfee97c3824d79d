// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** A webhook whose every delivery fails. */
public final class Failing {
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

  @JsonProperty("cause")
  private FailureCause cause;

  @JsonProperty("disables_at")
  private OffsetDateTime disablesAt;

  @JsonProperty("failing_since")
  private OffsetDateTime failingSince;

  @JsonProperty("recent_attempts")
  private Long recentAttempts;

  @JsonProperty("recent_failures")
  private Long recentFailures;

  /** The account that it belongs to. */
  public String getAccountId() {
    return accountId;
  }

  /** The account that it belongs to. */
  public Failing accountId(String accountId) {
    this.accountId = accountId;
    return this;
  }

  /** Display name of the account. */
  public String getAccountName() {
    return accountName;
  }

  /** Display name of the account. */
  public Failing accountName(String accountName) {
    this.accountName = accountName;
    return this;
  }

  /** The environment that it belongs to. */
  public Environment getEnvironment() {
    return environment;
  }

  /** The environment that it belongs to. */
  public Failing environment(Environment environment) {
    this.environment = environment;
    return this;
  }

  /** &#x60;enabled&#x60; or &#x60;disabled&#x60;; &#x60;null&#x60; once the webhook is deleted. */
  public WebhookStatus getStatus() {
    return status;
  }

  /** &#x60;enabled&#x60; or &#x60;disabled&#x60;; &#x60;null&#x60; once the webhook is deleted. */
  public Failing status(WebhookStatus status) {
    this.status = status;
    return this;
  }

  /** The webhook&#39;s identifier. */
  public String getWebhookId() {
    return webhookId;
  }

  /** The webhook&#39;s identifier. */
  public Failing webhookId(String webhookId) {
    this.webhookId = webhookId;
    return this;
  }

  /** URL with its credentials masked; &#x60;null&#x60; once the webhook is deleted. */
  public String getWebhookUrl() {
    return webhookUrl;
  }

  /** URL with its credentials masked; &#x60;null&#x60; once the webhook is deleted. */
  public Failing webhookUrl(String webhookUrl) {
    this.webhookUrl = webhookUrl;
    return this;
  }

  /** Most frequent cause of the failures in the newest hour that had one. */
  public FailureCause getCause() {
    return cause;
  }

  /** Most frequent cause of the failures in the newest hour that had one. */
  public Failing cause(FailureCause cause) {
    this.cause = cause;
    return this;
  }

  /** Time from which the next failure disables the webhook: 60 days later. */
  public OffsetDateTime getDisablesAt() {
    return disablesAt;
  }

  /** Time from which the next failure disables the webhook: 60 days later. */
  public Failing disablesAt(OffsetDateTime disablesAt) {
    this.disablesAt = disablesAt;
    return this;
  }

  /** Time since when every delivery has failed. */
  public OffsetDateTime getFailingSince() {
    return failingSince;
  }

  /** Time since when every delivery has failed. */
  public Failing failingSince(OffsetDateTime failingSince) {
    this.failingSince = failingSince;
    return this;
  }

  /** Number of attempts in this hour and the 23 before it. */
  public Long getRecentAttempts() {
    return recentAttempts;
  }

  /** Number of attempts in this hour and the 23 before it. */
  public Failing recentAttempts(Long recentAttempts) {
    this.recentAttempts = recentAttempts;
    return this;
  }

  /** Number of those that failed. */
  public Long getRecentFailures() {
    return recentFailures;
  }

  /** Number of those that failed. */
  public Failing recentFailures(Long recentFailures) {
    this.recentFailures = recentFailures;
    return this;
  }
}

