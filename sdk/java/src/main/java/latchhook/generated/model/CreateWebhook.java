// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.openapitools.jackson.nullable.JsonNullable;

/** A new webhook. */
public final class CreateWebhook {
  @JsonProperty("description")
  private String description;

  @JsonProperty("environment")
  private Environment environment;

  @JsonProperty("event_types")
  private List<String> eventTypes;

  @JsonProperty("filter")
  private Map<String, Object> filter;

  @JsonProperty("headers")
  private Map<String, String> headers;

  @JsonProperty("include_object")
  private Boolean includeObject;

  @JsonProperty("jurisdiction")
  private Jurisdiction jurisdiction;

  @JsonProperty("live")
  private Boolean live;

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
  public CreateWebhook description(String description) {
    this.description = description;
    return this;
  }

  /** &#x60;test&#x60; or &#x60;live&#x60;; an API key implies its own. */
  public Environment getEnvironment() {
    return environment;
  }

  /** &#x60;test&#x60; or &#x60;live&#x60;; an API key implies its own. */
  public CreateWebhook environment(Environment environment) {
    this.environment = environment;
    return this;
  }

  /** Subscribed event types: exact names, &#x60;report.*&#x60;, or &#x60;*&#x60;. Only its own name means &#x60;webhook.statement&#x60;. */
  public List<String> getEventTypes() {
    return eventTypes;
  }

  /** Subscribed event types: exact names, &#x60;report.*&#x60;, or &#x60;*&#x60;. Only its own name means &#x60;webhook.statement&#x60;. */
  public CreateWebhook eventTypes(List<String> eventTypes) {
    this.eventTypes = eventTypes;
    return this;
  }

  /** Event pattern, in the language of Amazon &#x60;EventBridge&#x60;, over the event as &#x60;GET /v1/events/{id}&#x60; shows it: only events that match are delivered. */
  public Map<String, Object> getFilter() {
    return filter;
  }

  /** Event pattern, in the language of Amazon &#x60;EventBridge&#x60;, over the event as &#x60;GET /v1/events/{id}&#x60; shows it: only events that match are delivered. */
  public CreateWebhook filter(Map<String, Object> filter) {
    this.filter = filter;
    return this;
  }

  /** Headers of its own, at most 20, sent with every delivery. */
  public Map<String, String> getHeaders() {
    return headers;
  }

  /** Headers of its own, at most 20, sent with every delivery. */
  public CreateWebhook headers(Map<String, String> headers) {
    this.headers = headers;
    return this;
  }

  /** True to put the whole related object into the payload. */
  public Boolean getIncludeObject() {
    return includeObject;
  }

  /** True to put the whole related object into the payload. */
  public CreateWebhook includeObject(Boolean includeObject) {
    this.includeObject = includeObject;
    return this;
  }

  /** Jurisdiction of the events that it gets; only where there are several. */
  public Jurisdiction getJurisdiction() {
    return jurisdiction;
  }

  /** Jurisdiction of the events that it gets; only where there are several. */
  public CreateWebhook jurisdiction(Jurisdiction jurisdiction) {
    this.jurisdiction = jurisdiction;
    return this;
  }

  /** Another way to name the environment, used by clients of the modelled service. */
  public Boolean getLive() {
    return live;
  }

  /** Another way to name the environment, used by clients of the modelled service. */
  public CreateWebhook live(Boolean live) {
    this.live = live;
    return this;
  }

  /** Rate of attempts; what is more waits. */
  public RateLimit getRateLimit() {
    return rateLimit;
  }

  /** Rate of attempts; what is more waits. */
  public CreateWebhook rateLimit(RateLimit rateLimit) {
    this.rateLimit = rateLimit;
    return this;
  }

  /** Kind of its signatures, fixed from then on: &#x60;hmac&#x60;, or &#x60;ed25519&#x60;, whose &#x60;signing_secret&#x60; is a public key. */
  public Signing getSigning() {
    return signing;
  }

  /** Kind of its signatures, fixed from then on: &#x60;hmac&#x60;, or &#x60;ed25519&#x60;, whose &#x60;signing_secret&#x60; is a public key. */
  public CreateWebhook signing(Signing signing) {
    this.signing = signing;
    return this;
  }

  /** Signing secret that the receiver has already: &#x60;whsec_&#x60; and the base64 of 24 to 64 bytes. By default a new one; not with &#x60;ed25519&#x60;. */
  public String getSigningSecret() {
    return signingSecret;
  }

  /** Signing secret that the receiver has already: &#x60;whsec_&#x60; and the base64 of 24 to 64 bytes. By default a new one; not with &#x60;ed25519&#x60;. */
  public CreateWebhook signingSecret(String signingSecret) {
    this.signingSecret = signingSecret;
    return this;
  }

  /** &#x60;https://…&#x60;, in test also &#x60;http://…&#x60;, or &#x60;sns://&lt;key_id&gt;:&lt;access_key&gt;@&lt;region&gt;/&lt;topic_owner&gt;/&lt;topic_name&gt;&#x60;. */
  public String getWebhookUrl() {
    return webhookUrl;
  }

  /** &#x60;https://…&#x60;, in test also &#x60;http://…&#x60;, or &#x60;sns://&lt;key_id&gt;:&lt;access_key&gt;@&lt;region&gt;/&lt;topic_owner&gt;/&lt;topic_name&gt;&#x60;. */
  public CreateWebhook webhookUrl(String webhookUrl) {
    this.webhookUrl = webhookUrl;
    return this;
  }
}

