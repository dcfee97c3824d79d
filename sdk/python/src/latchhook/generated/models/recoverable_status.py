from typing import Literal, cast

RecoverableStatus = Literal["cancelled", "exhausted", "retrying"]


def check_recoverable_status(value: str) -> RecoverableStatus:
    return cast(RecoverableStatus, value)
