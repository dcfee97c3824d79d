// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** Trouble of a webhook whose every delivery fails. */
public final class Trouble {
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

  /** Most frequent cause of the failures in the newest hour that had one. */
  public FailureCause getCause() {
    return cause;
  }

  /** Most frequent cause of the failures in the newest hour that had one. */
  public Trouble cause(FailureCause cause) {
    this.cause = cause;
    return this;
  }

  /** Time from which the next failure disables the webhook: 60 days later. */
  public OffsetDateTime getDisablesAt() {
    return disablesAt;
  }

  /** Time from which the next failure disables the webhook: 60 days later. */
  public Trouble disablesAt(OffsetDateTime disablesAt) {
    this.disablesAt = disablesAt;
    return this;
  }

  /** Time since when every delivery has failed. */
  public OffsetDateTime getFailingSince() {
    return failingSince;
  }

  /** Time since when every delivery has failed. */
  public Trouble failingSince(OffsetDateTime failingSince) {
    this.failingSince = failingSince;
    return this;
  }

  /** Number of attempts in this hour and the 23 before it. */
  public Long getRecentAttempts() {
    return recentAttempts;
  }

  /** Number of attempts in this hour and the 23 before it. */
  public Trouble recentAttempts(Long recentAttempts) {
    this.recentAttempts = recentAttempts;
    return this;
  }

  /** Number of those that failed. */
  public Long getRecentFailures() {
    return recentFailures;
  }

  /** Number of those that failed. */
  public Trouble recentFailures(Long recentFailures) {
    this.recentFailures = recentFailures;
    return this;
  }
}

