// Made by openapi-generator from the server's OpenAPI document; do not edit.
package latchhook.generated.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Stable error code. */
public enum ErrorCode {
  MALFORMED_JSON("malformed_json"),
  UNKNOWN_FIELD("unknown_field"),
  INVALID_CURSOR("invalid_cursor"),
  ACCOUNT_REQUIRED("account_required"),
  BAD_AUTHENTICATION("bad_authentication"),
  KEY_EXPIRED("key_expired"),
  PERMISSION_DENIED("permission_denied"),
  ACCOUNT_NOT_CREDENTIALED("account_not_credentialed"),
  ACCOUNT_CLOSED("account_closed"),
  IP_NOT_ALLOWED("ip_not_allowed"),
  WRONG_ENVIRONMENT("wrong_environment"),
  NOT_FOUND("not_found"),
  METHOD_NOT_ALLOWED("method_not_allowed"),
  PAYLOAD_TOO_LARGE("payload_too_large"),
  UNSUPPORTED_MEDIA_TYPE("unsupported_media_type"),
  QUOTA_LIMIT_EXCEEDED("quota_limit_exceeded"),
  URL_TAKEN("url_taken"),
  KEY_TAKEN("key_taken"),
  NOT_REVEALABLE("not_revealable"),
  KEY_ALREADY_EXPIRED("key_already_expired"),
  IDEMPOTENCY_IN_PROGRESS("idempotency_in_progress"),
  CONFLICT("conflict"),
  MISSING_FIELD("missing_field"),
  INVALID_FIELD("invalid_field"),
  URL_NOT_PUBLIC("url_not_public"),
  URL_SCHEME_NOT_ALLOWED("url_scheme_not_allowed"),
  INVALID_SNS_URL("invalid_sns_url"),
  INVALID_FILTER("invalid_filter"),
  UNKNOWN_EVENT_TYPE("unknown_event_type"),
  UNKNOWN_SCOPE("unknown_scope"),
  IDEMPOTENCY_MISMATCH("idempotency_mismatch"),
  RATE_LIMITED("rate_limited"),
  INTERNAL("internal"),
  UNAVAILABLE("unavailable"),
  /** Value that a newer server has. */
  UNKNOWN(null);

  private final String value;

  ErrorCode(String value) {
    this.value = value;
  }

  /** Returns the enumerator of a text in JSON. */
  @JsonCreator
  public static ErrorCode of(String value) {
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

