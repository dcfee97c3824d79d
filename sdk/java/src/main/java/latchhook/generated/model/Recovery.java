// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** Progress of a recovery that goes on after its answer. */
public final class Recovery {
  @JsonProperty("asked_at")
  private OffsetDateTime askedAt;

  @JsonProperty("count")
  private Long count;

  @JsonProperty("ended_at")
  private OffsetDateTime endedAt;

  @JsonProperty("include")
  private List<DeliveryStatus> include;

  @JsonProperty("reached_at")
  private OffsetDateTime reachedAt;

  /** Time at which it was asked for. */
  public OffsetDateTime getAskedAt() {
    return askedAt;
  }

  /** Time at which it was asked for. */
  public Recovery askedAt(OffsetDateTime askedAt) {
    this.askedAt = askedAt;
    return this;
  }

  /** Number of deliveries queued again so far. */
  public Long getCount() {
    return count;
  }

  /** Number of deliveries queued again so far. */
  public Recovery count(Long count) {
    this.count = count;
    return this;
  }

  /** Time at which it ended; &#x60;null&#x60; while it goes on. */
  public OffsetDateTime getEndedAt() {
    return endedAt;
  }

  /** Time at which it ended; &#x60;null&#x60; while it goes on. */
  public Recovery endedAt(OffsetDateTime endedAt) {
    this.endedAt = endedAt;
    return this;
  }

  /** Statuses of the deliveries that it takes up. */
  public List<DeliveryStatus> getInclude() {
    return include;
  }

  /** Statuses of the deliveries that it takes up. */
  public Recovery include(List<DeliveryStatus> include) {
    this.include = include;
    return this;
  }

  /** Creation of the event that was looked at last; events are gone through from the oldest. */
  public OffsetDateTime getReachedAt() {
    return reachedAt;
  }

  /** Creation of the event that was looked at last; events are gone through from the oldest. */
  public Recovery reachedAt(OffsetDateTime reachedAt) {
    this.reachedAt = reachedAt;
    return this;
  }
}

