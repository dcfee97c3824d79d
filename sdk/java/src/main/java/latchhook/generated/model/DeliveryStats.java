// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** Attempts over time. */
public final class DeliveryStats {
  @JsonProperty("buckets")
  private List<Bucket> buckets;

  @JsonProperty("failing")
  private List<FailingOwn> failing;

  @JsonProperty("object")
  private String object;

  @JsonProperty("waiting")
  private Waiting waiting;

  /** Buckets, oldest first. */
  public List<Bucket> getBuckets() {
    return buckets;
  }

  /** Buckets, oldest first. */
  public DeliveryStats buckets(List<Bucket> buckets) {
    this.buckets = buckets;
    return this;
  }

  /** Webhooks that are enabled and fail every delivery, of the newest 25. */
  public List<FailingOwn> getFailing() {
    return failing;
  }

  /** Webhooks that are enabled and fail every delivery, of the newest 25. */
  public DeliveryStats failing(List<FailingOwn> failing) {
    this.failing = failing;
    return this;
  }

  /** Type of this object. */
  public String getObject() {
    return object;
  }

  /** Type of this object. */
  public DeliveryStats object(String object) {
    this.object = object;
    return this;
  }

  /** Deliveries that are waiting for their next attempt now. */
  public Waiting getWaiting() {
    return waiting;
  }

  /** Deliveries that are waiting for their next attempt now. */
  public DeliveryStats waiting(Waiting waiting) {
    this.waiting = waiting;
    return this;
  }
}

