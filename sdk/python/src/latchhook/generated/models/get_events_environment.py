from typing import Literal, cast

GetEventsEnvironment = Literal["live", "test"]


def check_get_events_environment(value: str) -> GetEventsEnvironment:
    return cast(GetEventsEnvironment, value)
