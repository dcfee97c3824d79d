// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** An event. */
public final class Event {
  @JsonProperty("account_id")
  private String accountId;

  @JsonProperty("created_at")
  private OffsetDateTime createdAt;

  @JsonProperty("data")
  private EventData data;

  @JsonProperty("deliveries")
  private List<Delivery> deliveries;

  @JsonProperty("environment")
  private Environment environment;

  @JsonProperty("erased_at")
  private OffsetDateTime erasedAt;

  @JsonProperty("id")
  private String id;

  @JsonProperty("jurisdiction")
  private Jurisdiction jurisdiction;

  @JsonProperty("object")
  private String object;

  @JsonProperty("type")
  private String type;

  @JsonProperty("uri")
  private String uri;

  /** The account that it belongs to. */
  public String getAccountId() {
    return accountId;
  }

  /** The account that it belongs to. */
  public Event accountId(String accountId) {
    this.accountId = accountId;
    return this;
  }

  /** Time of creation. */
  public OffsetDateTime getCreatedAt() {
    return createdAt;
  }

  /** Time of creation. */
  public Event createdAt(OffsetDateTime createdAt) {
    this.createdAt = createdAt;
    return this;
  }

  /** Data as it was posted; null once it is erased. */
  public EventData getData() {
    return data;
  }

  /** Data as it was posted; null once it is erased. */
  public Event data(EventData data) {
    this.data = data;
    return this;
  }

  /** Deliveries, one for each webhook that subscribed. */
  public List<Delivery> getDeliveries() {
    return deliveries;
  }

  /** Deliveries, one for each webhook that subscribed. */
  public Event deliveries(List<Delivery> deliveries) {
    this.deliveries = deliveries;
    return this;
  }

  /** The environment that it belongs to. */
  public Environment getEnvironment() {
    return environment;
  }

  /** The environment that it belongs to. */
  public Event environment(Environment environment) {
    this.environment = environment;
    return this;
  }

  /** Time at which the data was erased; absent of other events. */
  public OffsetDateTime getErasedAt() {
    return erasedAt;
  }

  /** Time at which the data was erased; absent of other events. */
  public Event erasedAt(OffsetDateTime erasedAt) {
    this.erasedAt = erasedAt;
    return this;
  }

  /** Its identifier; sorts by creation. */
  public String getId() {
    return id;
  }

  /** Its identifier; sorts by creation. */
  public Event id(String id) {
    this.id = id;
    return this;
  }

  /** Jurisdiction of the subjects of its events. */
  public Jurisdiction getJurisdiction() {
    return jurisdiction;
  }

  /** Jurisdiction of the subjects of its events. */
  public Event jurisdiction(Jurisdiction jurisdiction) {
    this.jurisdiction = jurisdiction;
    return this;
  }

  /** Type of this object. */
  public String getObject() {
    return object;
  }

  /** Type of this object. */
  public Event object(String object) {
    this.object = object;
    return this;
  }

  /** Its type. */
  public String getType() {
    return type;
  }

  /** Its type. */
  public Event type(String type) {
    this.type = type;
    return this;
  }

  /** Its path in this API. */
  public String getUri() {
    return uri;
  }

  /** Its path in this API. */
  public Event uri(String uri) {
    this.uri = uri;
    return this;
  }
}

