// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** Period whose deliveries are recovered, and which of them. */
public final class Recover {
  @JsonProperty("include")
  private List<RecoverableStatus> include;

  @JsonProperty("since")
  private OffsetDateTime since;

  @JsonProperty("until")
  private OffsetDateTime until;

  /** Statuses of the deliveries that are recovered: &#x60;exhausted&#x60;, &#x60;cancelled&#x60; (because the webhook was disabled), &#x60;retrying&#x60;. */
  public List<RecoverableStatus> getInclude() {
    return include;
  }

  /** Statuses of the deliveries that are recovered: &#x60;exhausted&#x60;, &#x60;cancelled&#x60; (because the webhook was disabled), &#x60;retrying&#x60;. */
  public Recover include(List<RecoverableStatus> include) {
    this.include = include;
    return this;
  }

  /** Start of the period, by the time of the events&#39; creation. */
  public OffsetDateTime getSince() {
    return since;
  }

  /** Start of the period, by the time of the events&#39; creation. */
  public Recover since(OffsetDateTime since) {
    this.since = since;
    return this;
  }

  /** End of the period, by the time of the events&#39; creation. */
  public OffsetDateTime getUntil() {
    return until;
  }

  /** End of the period, by the time of the events&#39; creation. */
  public Recover until(OffsetDateTime until) {
    this.until = until;
    return this;
  }
}

