// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** Row of either log. One of {@link DeliveryLog}, {@link RequestLog}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.EXISTING_PROPERTY, property = "kind", visible = true)
@JsonSubTypes({
  @JsonSubTypes.Type(value = RequestLog.class, name = "api_request"),
  @JsonSubTypes.Type(value = DeliveryLog.class, name = "webhook_delivery")
})
public sealed interface Log permits DeliveryLog, RequestLog {}

