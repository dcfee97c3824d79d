from typing import Literal, cast

GetEventsOrder = Literal["asc", "desc"]


def check_get_events_order(value: str) -> GetEventsOrder:
    return cast(GetEventsOrder, value)
