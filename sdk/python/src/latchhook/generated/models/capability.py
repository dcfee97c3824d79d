from typing import Literal, cast

Capability = Literal[
    "keys:read",
    "keys:reveal",
    "keys:write",
    "logs:read",
    "webhooks:read",
    "webhooks:write",
]


def check_capability(value: str) -> Capability:
    return cast(Capability, value)
