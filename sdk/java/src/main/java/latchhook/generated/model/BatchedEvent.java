// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** Event of a batch. */
public final class BatchedEvent {
  @JsonProperty("created_at")
  private OffsetDateTime createdAt;

  @JsonProperty("data")
  private PostData data;

  @JsonProperty("environment")
  private Environment environment;

  @JsonProperty("idempotency_key")
  private String idempotencyKey;

  @JsonProperty("jurisdiction")
  private Jurisdiction jurisdiction;

  @JsonProperty("type")
  private String type;

  /** Time at which it happened, by default now. */
  public OffsetDateTime getCreatedAt() {
    return createdAt;
  }

  /** Time at which it happened, by default now. */
  public BatchedEvent createdAt(OffsetDateTime createdAt) {
    this.createdAt = createdAt;
    return this;
  }

  /** The data that it carries. */
  public PostData getData() {
    return data;
  }

  /** The data that it carries. */
  public BatchedEvent data(PostData data) {
    this.data = data;
    return this;
  }

  /** &#x60;test&#x60; or &#x60;live&#x60;. */
  public Environment getEnvironment() {
    return environment;
  }

  /** &#x60;test&#x60; or &#x60;live&#x60;. */
  public BatchedEvent environment(Environment environment) {
    this.environment = environment;
    return this;
  }

  /** Idempotency key of this event: as if it had been posted alone, with that in the header. */
  public String getIdempotencyKey() {
    return idempotencyKey;
  }

  /** Idempotency key of this event: as if it had been posted alone, with that in the header. */
  public BatchedEvent idempotencyKey(String idempotencyKey) {
    this.idempotencyKey = idempotencyKey;
    return this;
  }

  /** Jurisdiction of its subject; only where there are several. */
  public Jurisdiction getJurisdiction() {
    return jurisdiction;
  }

  /** Jurisdiction of its subject; only where there are several. */
  public BatchedEvent jurisdiction(Jurisdiction jurisdiction) {
    this.jurisdiction = jurisdiction;
    return this;
  }

  /** Type of the event. */
  public String getType() {
    return type;
  }

  /** Type of the event. */
  public BatchedEvent type(String type) {
    this.type = type;
    return this;
  }
}

