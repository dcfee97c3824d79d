from typing import Literal, cast

DisabledReason = Literal["failing", "gone", "manual"]


def check_disabled_reason(value: str) -> DisabledReason:
    return cast(DisabledReason, value)
