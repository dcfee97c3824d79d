from typing import Literal, cast

AttemptStatus = Literal["failed", "succeeded"]


def check_attempt_status(value: str) -> AttemptStatus:
    return cast(AttemptStatus, value)
