from typing import Literal, cast

Trigger = Literal["ping", "recover", "resend", "schedule"]


def check_trigger(value: str) -> Trigger:
    return cast(Trigger, value)
