from typing import Literal, cast

GetLogsEnvironment = Literal["live", "test"]


def check_get_logs_environment(value: str) -> GetLogsEnvironment:
    return cast(GetLogsEnvironment, value)
