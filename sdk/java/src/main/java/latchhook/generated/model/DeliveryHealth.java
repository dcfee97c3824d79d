// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** Health of deliveries. */
public final class DeliveryHealth {
  @JsonProperty("failing")
  private List<Failing> failing;

  @JsonProperty("most_failing")
  private List<MostFailing> mostFailing;

  @JsonProperty("object")
  private String object;

  @JsonProperty("slowest")
  private List<Slow> slowest;

  /** Enabled webhooks whose every delivery fails, longest first; 25 at most. */
  public List<Failing> getFailing() {
    return failing;
  }

  /** Enabled webhooks whose every delivery fails, longest first; 25 at most. */
  public DeliveryHealth failing(List<Failing> failing) {
    this.failing = failing;
    return this;
  }

  /** Webhooks with the most failed first attempts in this hour and the 23 before it, of those with one among about the newest 250 over all accounts; 25 at most. The first attempt of an event&#39;s delivery counts, not a retry, resend, recovery or ping. Counted every five seconds if there are more than 50. */
  public List<MostFailing> getMostFailing() {
    return mostFailing;
  }

  /** Webhooks with the most failed first attempts in this hour and the 23 before it, of those with one among about the newest 250 over all accounts; 25 at most. The first attempt of an event&#39;s delivery counts, not a retry, resend, recovery or ping. Counted every five seconds if there are more than 50. */
  public DeliveryHealth mostFailing(List<MostFailing> mostFailing) {
    this.mostFailing = mostFailing;
    return this;
  }

  /** Type of this object. */
  public String getObject() {
    return object;
  }

  /** Type of this object. */
  public DeliveryHealth object(String object) {
    this.object = object;
    return this;
  }

  /** Webhooks of about the newest 250 first attempts, over all accounts, that took a second or more, by the slowest of these; 25 at most. One that was slower before these is not among them. Ranked every five seconds if there are more than 50. */
  public List<Slow> getSlowest() {
    return slowest;
  }

  /** Webhooks of about the newest 250 first attempts, over all accounts, that took a second or more, by the slowest of these; 25 at most. One that was slower before these is not among them. Ranked every five seconds if there are more than 50. */
  public DeliveryHealth slowest(List<Slow> slowest) {
    this.slowest = slowest;
    return this;
  }
}

