from typing import Literal, cast

KeyStatus = Literal["active", "expired"]


def check_key_status(value: str) -> KeyStatus:
    return cast(KeyStatus, value)
