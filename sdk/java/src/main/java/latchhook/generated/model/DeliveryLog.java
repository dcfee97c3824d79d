// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** An attempt of a delivery. */
public final class DeliveryLog implements Log {
  @JsonProperty("attempt")
  private Integer attempt;

  @JsonProperty("created_at")
  private OffsetDateTime createdAt;

  @JsonProperty("duration_ms")
  private Long durationMs;

  @JsonProperty("environment")
  private Environment environment;

  @JsonProperty("error")
  private AttemptError error;

  @JsonProperty("event_id")
  private String eventId;

  @JsonProperty("event_type")
  private String eventType;

  @JsonProperty("id")
  private String id;

  @JsonProperty("kind")
  private String kind;

  @JsonProperty("next_attempt_at")
  private OffsetDateTime nextAttemptAt;

  @JsonProperty("object")
  private String object;

  @JsonProperty("object_id")
  private String objectId;

  @JsonProperty("request")
  private SentRequest request;

  @JsonProperty("response")
  private ReceivedResponse response;

  @JsonProperty("response_status")
  private Integer responseStatus;

  @JsonProperty("status")
  private AttemptStatus status;

  @JsonProperty("trigger")
  private Trigger trigger;

  @JsonProperty("webhook_id")
  private String webhookId;

  @JsonProperty("webhook_url")
  private String webhookUrl;

  /** Number of the attempt within its delivery, from 1. */
  public Integer getAttempt() {
    return attempt;
  }

  /** Number of the attempt within its delivery, from 1. */
  public DeliveryLog attempt(Integer attempt) {
    this.attempt = attempt;
    return this;
  }

  /** Time of creation. */
  public OffsetDateTime getCreatedAt() {
    return createdAt;
  }

  /** Time of creation. */
  public DeliveryLog createdAt(OffsetDateTime createdAt) {
    this.createdAt = createdAt;
    return this;
  }

  /** Duration in milliseconds. */
  public Long getDurationMs() {
    return durationMs;
  }

  /** Duration in milliseconds. */
  public DeliveryLog durationMs(Long durationMs) {
    this.durationMs = durationMs;
    return this;
  }

  /** The environment that it belongs to. */
  public Environment getEnvironment() {
    return environment;
  }

  /** The environment that it belongs to. */
  public DeliveryLog environment(Environment environment) {
    this.environment = environment;
    return this;
  }

  /** The error; &#x60;null&#x60; if there was none. */
  public AttemptError getError() {
    return error;
  }

  /** The error; &#x60;null&#x60; if there was none. */
  public DeliveryLog error(AttemptError error) {
    this.error = error;
    return this;
  }

  /** The event&#39;s identifier. */
  public String getEventId() {
    return eventId;
  }

  /** The event&#39;s identifier. */
  public DeliveryLog eventId(String eventId) {
    this.eventId = eventId;
    return this;
  }

  /** The event&#39;s type. */
  public String getEventType() {
    return eventType;
  }

  /** The event&#39;s type. */
  public DeliveryLog eventType(String eventType) {
    this.eventType = eventType;
    return this;
  }

  /** Its identifier; sorts by creation. */
  public String getId() {
    return id;
  }

  /** Its identifier; sorts by creation. */
  public DeliveryLog id(String id) {
    this.id = id;
    return this;
  }

  /** Kind of log that the row is in. */
  public String getKind() {
    return kind;
  }

  /** Kind of log that the row is in. */
  public DeliveryLog kind(String kind) {
    this.kind = kind;
    return this;
  }

  /** Time of the next attempt; &#x60;null&#x60; if there is none. */
  public OffsetDateTime getNextAttemptAt() {
    return nextAttemptAt;
  }

  /** Time of the next attempt; &#x60;null&#x60; if there is none. */
  public DeliveryLog nextAttemptAt(OffsetDateTime nextAttemptAt) {
    this.nextAttemptAt = nextAttemptAt;
    return this;
  }

  /** Type of this object. */
  public String getObject() {
    return object;
  }

  /** Type of this object. */
  public DeliveryLog object(String object) {
    this.object = object;
    return this;
  }

  /** Identifier of the related object; &#x60;null&#x60; once the event is no longer stored. */
  public String getObjectId() {
    return objectId;
  }

  /** Identifier of the related object; &#x60;null&#x60; once the event is no longer stored. */
  public DeliveryLog objectId(String objectId) {
    this.objectId = objectId;
    return this;
  }

  /** The request. */
  public SentRequest getRequest() {
    return request;
  }

  /** The request. */
  public DeliveryLog request(SentRequest request) {
    this.request = request;
    return this;
  }

  /** The response; &#x60;null&#x60; if there was none. */
  public ReceivedResponse getResponse() {
    return response;
  }

  /** The response; &#x60;null&#x60; if there was none. */
  public DeliveryLog response(ReceivedResponse response) {
    this.response = response;
    return this;
  }

  /** HTTP status of the response; &#x60;null&#x60; if there was none. */
  public Integer getResponseStatus() {
    return responseStatus;
  }

  /** HTTP status of the response; &#x60;null&#x60; if there was none. */
  public DeliveryLog responseStatus(Integer responseStatus) {
    this.responseStatus = responseStatus;
    return this;
  }

  /** &#x60;succeeded&#x60; or &#x60;failed&#x60;. */
  public AttemptStatus getStatus() {
    return status;
  }

  /** &#x60;succeeded&#x60; or &#x60;failed&#x60;. */
  public DeliveryLog status(AttemptStatus status) {
    this.status = status;
    return this;
  }

  /** &#x60;schedule&#x60;, &#x60;resend&#x60;, &#x60;recover&#x60; or &#x60;ping&#x60;. */
  public Trigger getTrigger() {
    return trigger;
  }

  /** &#x60;schedule&#x60;, &#x60;resend&#x60;, &#x60;recover&#x60; or &#x60;ping&#x60;. */
  public DeliveryLog trigger(Trigger trigger) {
    this.trigger = trigger;
    return this;
  }

  /** The webhook&#39;s identifier. */
  public String getWebhookId() {
    return webhookId;
  }

  /** The webhook&#39;s identifier. */
  public DeliveryLog webhookId(String webhookId) {
    this.webhookId = webhookId;
    return this;
  }

  /** URL with its credentials masked. */
  public String getWebhookUrl() {
    return webhookUrl;
  }

  /** URL with its credentials masked. */
  public DeliveryLog webhookUrl(String webhookUrl) {
    this.webhookUrl = webhookUrl;
    return this;
  }
}

