// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Scope of an operator token. */
public enum OperatorScope {
  KEYS_VERIFY("keys:verify"),
  KEYS_READ("keys:read"),
  KEYS_WRITE("keys:write"),
  SECRETS_REVEAL("secrets:reveal"),
  REQUEST_LOGS_WRITE("request_logs:write"),
  EVENTS_WRITE("events:write"),
  EVENTS_READ("events:read"),
  ACCOUNTS_READ("accounts:read"),
  ACCOUNTS_WRITE("accounts:write"),
  PORTAL_SESSIONS_WRITE("portal_sessions:write"),
  WEBHOOKS_READ("webhooks:read"),
  WEBHOOKS_WRITE("webhooks:write"),
  LOGS_READ("logs:read"),
  EVENT_TYPES_WRITE("event_types:write"),
  OPERATOR_TOKENS_WRITE("operator_tokens:write"),
  /** Value that a newer server has. */
  UNKNOWN(null);

  private final String value;

  OperatorScope(String value) {
    this.value = value;
  }

  /** Returns the enumerator of a text in JSON. */
  @JsonCreator
  public static OperatorScope of(String value) {
    for (var each : values()) {
      if (value.equals(each.value)) {
        return each;
      }
    }
    return UNKNOWN;
  }

  /** Returns its text in JSON; null for {@link #UNKNOWN}. */
  @JsonValue
  public String value() {
    return value;
  }

  @Override
  public String toString() {
    return String.valueOf(value);
  }
}

