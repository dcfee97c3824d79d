from typing import Literal, cast

OperatorScope = Literal[
    "accounts:read",
    "accounts:write",
    "event_types:write",
    "events:read",
    "events:write",
    "keys:read",
    "keys:verify",
    "keys:write",
    "logs:read",
    "operator_tokens:write",
    "portal_sessions:write",
    "request_logs:write",
    "secrets:reveal",
    "webhooks:read",
    "webhooks:write",
]


def check_operator_scope(value: str) -> OperatorScope:
    return cast(OperatorScope, value)
