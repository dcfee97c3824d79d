from typing import Literal, cast

ErrorCode = Literal[
    "account_closed",
    "account_not_credentialed",
    "account_required",
    "bad_authentication",
    "conflict",
    "idempotency_in_progress",
    "idempotency_mismatch",
    "internal",
    "invalid_cursor",
    "invalid_field",
    "invalid_filter",
    "invalid_sns_url",
    "ip_not_allowed",
    "key_already_expired",
    "key_expired",
    "key_taken",
    "malformed_json",
    "method_not_allowed",
    "missing_field",
    "not_found",
    "not_revealable",
    "payload_too_large",
    "permission_denied",
    "quota_limit_exceeded",
    "rate_limited",
    "unavailable",
    "unknown_event_type",
    "unknown_field",
    "unknown_scope",
    "unsupported_media_type",
    "url_not_public",
    "url_scheme_not_allowed",
    "url_taken",
    "wrong_environment",
]


def check_error_code(value: str) -> ErrorCode:
    return cast(ErrorCode, value)
