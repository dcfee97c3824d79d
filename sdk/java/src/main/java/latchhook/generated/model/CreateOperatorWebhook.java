// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** A new operational webhook. */
public final class CreateOperatorWebhook {
  @JsonProperty("description")
  private String description;

  @JsonProperty("event_types")
  private List<String> eventTypes;

  @JsonProperty("filter")
  private Map<String, Object> filter;

  @JsonProperty("headers")
  private Map<String, String> headers;

  @JsonProperty("include_object")
  private Boolean includeObject;

  @JsonProperty("rate_limit")
  private RateLimit rateLimit;

  @JsonProperty("signing")
  private Signing signing;

  @JsonProperty("signing_secret")
  private String signingSecret;

  @JsonProperty("webhook_url")
  private String webhookUrl;

  /** Description for people. */
  public String getDescription() {
    return description;
  }

  /** Description for people. */
  public CreateOperatorWebhook description(String description) {
    this.description = description;
    return this;
  }

  /** Subscribed types of operational events: exact names, &#x60;webhook.*&#x60;, or &#x60;*&#x60;. */
  public List<String> getEventTypes() {
    return eventTypes;
  }

  /** Subscribed types of operational events: exact names, &#x60;webhook.*&#x60;, or &#x60;*&#x60;. */
  public CreateOperatorWebhook eventTypes(List<String> eventTypes) {
    this.eventTypes = eventTypes;
    return this;
  }

  /** Event pattern, in the language of Amazon &#x60;EventBridge&#x60;, over the event: only events that match are delivered. */
  public Map<String, Object> getFilter() {
    return filter;
  }

  /** Event pattern, in the language of Amazon &#x60;EventBridge&#x60;, over the event: only events that match are delivered. */
  public CreateOperatorWebhook filter(Map<String, Object> filter) {
    this.filter = filter;
    return this;
  }

  /** Headers of its own, at most 20, sent with every delivery. */
  public Map<String, String> getHeaders() {
    return headers;
  }

  /** Headers of its own, at most 20, sent with every delivery. */
  public CreateOperatorWebhook headers(Map<String, String> headers) {
    this.headers = headers;
    return this;
  }

  /** False to put a reference to the object into the payload, in place of the object. */
  public Boolean getIncludeObject() {
    return includeObject;
  }

  /** False to put a reference to the object into the payload, in place of the object. */
  public CreateOperatorWebhook includeObject(Boolean includeObject) {
    this.includeObject = includeObject;
    return this;
  }

  /** Rate of attempts; what is more waits. */
  public RateLimit getRateLimit() {
    return rateLimit;
  }

  /** Rate of attempts; what is more waits. */
  public CreateOperatorWebhook rateLimit(RateLimit rateLimit) {
    this.rateLimit = rateLimit;
    return this;
  }

  /** Kind of its signatures, fixed from then on: &#x60;hmac&#x60;, or &#x60;ed25519&#x60;, whose &#x60;signing_secret&#x60; is a public key. */
  public Signing getSigning() {
    return signing;
  }

  /** Kind of its signatures, fixed from then on: &#x60;hmac&#x60;, or &#x60;ed25519&#x60;, whose &#x60;signing_secret&#x60; is a public key. */
  public CreateOperatorWebhook signing(Signing signing) {
    this.signing = signing;
    return this;
  }

  /** Signing secret that the receiver has already: &#x60;whsec_&#x60; and the base64 of 24 to 64 bytes. By default a new one; not with &#x60;ed25519&#x60;. */
  public String getSigningSecret() {
    return signingSecret;
  }

  /** Signing secret that the receiver has already: &#x60;whsec_&#x60; and the base64 of 24 to 64 bytes. By default a new one; not with &#x60;ed25519&#x60;. */
  public CreateOperatorWebhook signingSecret(String signingSecret) {
    this.signingSecret = signingSecret;
    return this;
  }

  /** &#x60;https://…&#x60;, &#x60;http://…&#x60;, or &#x60;sns://&lt;key_id&gt;:&lt;access_key&gt;@&lt;region&gt;/&lt;topic_owner&gt;/&lt;topic_name&gt;&#x60;. */
  public String getWebhookUrl() {
    return webhookUrl;
  }

  /** &#x60;https://…&#x60;, &#x60;http://…&#x60;, or &#x60;sns://&lt;key_id&gt;:&lt;access_key&gt;@&lt;region&gt;/&lt;topic_owner&gt;/&lt;topic_name&gt;&#x60;. */
  public CreateOperatorWebhook webhookUrl(String webhookUrl) {
    this.webhookUrl = webhookUrl;
    return this;
  }
}

