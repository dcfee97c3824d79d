// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** A change of a webhook. */
public final class UpdateWebhook {
  @JsonProperty("description")
  private JsonNullable<String> description = JsonNullable.undefined();

  @JsonProperty("event_types")
  private List<String> eventTypes;

  @JsonProperty("filter")
  private JsonNullable<Map<String, Object>> filter = JsonNullable.undefined();

  @JsonProperty("headers")
  private JsonNullable<Map<String, String>> headers = JsonNullable.undefined();

  @JsonProperty("include_object")
  private Boolean includeObject;

  @JsonProperty("rate_limit")
  private JsonNullable<RateLimit> rateLimit = JsonNullable.undefined();

  @JsonProperty("status")
  private WebhookStatus status;

  @JsonProperty("webhook_url")
  private String webhookUrl;

  /** Description for people; &#x60;null&#x60; removes it. */
  public JsonNullable<String> getDescription() {
    return description;
  }

  /** Description for people; &#x60;null&#x60; removes it. Null is sent as that; what is not set is left as it is. */
  public UpdateWebhook description(String description) {
    this.description = JsonNullable.of(description);
    return this;
  }

  /** Subscribed event types: exact names, &#x60;report.*&#x60;, or &#x60;*&#x60;. Only its own name means &#x60;webhook.statement&#x60;. */
  public List<String> getEventTypes() {
    return eventTypes;
  }

  /** Subscribed event types: exact names, &#x60;report.*&#x60;, or &#x60;*&#x60;. Only its own name means &#x60;webhook.statement&#x60;. */
  public UpdateWebhook eventTypes(List<String> eventTypes) {
    this.eventTypes = eventTypes;
    return this;
  }

  /** Event pattern: only events that match are delivered; &#x60;null&#x60; removes it. */
  public JsonNullable<Map<String, Object>> getFilter() {
    return filter;
  }

  /** Event pattern: only events that match are delivered; &#x60;null&#x60; removes it. Null is sent as that; what is not set is left as it is. */
  public UpdateWebhook filter(Map<String, Object> filter) {
    this.filter = JsonNullable.of(filter);
    return this;
  }

  /** Headers in place of all that are there; &#x60;****&#x60; keeps the value of one, &#x60;null&#x60; removes all. */
  public JsonNullable<Map<String, String>> getHeaders() {
    return headers;
  }

  /** Headers in place of all that are there; &#x60;****&#x60; keeps the value of one, &#x60;null&#x60; removes all. Null is sent as that; what is not set is left as it is. */
  public UpdateWebhook headers(Map<String, String> headers) {
    this.headers = JsonNullable.of(headers);
    return this;
  }

  /** True to put the whole related object into the payload. */
  public Boolean getIncludeObject() {
    return includeObject;
  }

  /** True to put the whole related object into the payload. */
  public UpdateWebhook includeObject(Boolean includeObject) {
    this.includeObject = includeObject;
    return this;
  }

  /** Rate of attempts; &#x60;null&#x60; removes it. */
  public JsonNullable<RateLimit> getRateLimit() {
    return rateLimit;
  }

  /** Rate of attempts; &#x60;null&#x60; removes it. Null is sent as that; what is not set is left as it is. */
  public UpdateWebhook rateLimit(RateLimit rateLimit) {
    this.rateLimit = JsonNullable.of(rateLimit);
    return this;
  }

  /** &#x60;enabled&#x60; or &#x60;disabled&#x60;. */
  public WebhookStatus getStatus() {
    return status;
  }

  /** &#x60;enabled&#x60; or &#x60;disabled&#x60;. */
  public UpdateWebhook status(WebhookStatus status) {
    this.status = status;
    return this;
  }

  /** New URL. */
  public String getWebhookUrl() {
    return webhookUrl;
  }

  /** New URL. */
  public UpdateWebhook webhookUrl(String webhookUrl) {
    this.webhookUrl = webhookUrl;
    return this;
  }
}

