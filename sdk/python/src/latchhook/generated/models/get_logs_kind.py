from typing import Literal, cast

GetLogsKind = Literal["api_request", "webhook_delivery"]


def check_get_logs_kind(value: str) -> GetLogsKind:
    return cast(GetLogsKind, value)
