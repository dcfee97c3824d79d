from typing import Literal, cast

GetEventsStatus = Literal["cancelled", "delivered", "exhausted", "pending", "retrying"]


def check_get_events_status(value: str) -> GetEventsStatus:
    return cast(GetEventsStatus, value)
