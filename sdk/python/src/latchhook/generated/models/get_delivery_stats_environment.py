from typing import Literal, cast

GetDeliveryStatsEnvironment = Literal["live", "test"]


def check_get_delivery_stats_environment(value: str) -> GetDeliveryStatsEnvironment:
    return cast(GetDeliveryStatsEnvironment, value)
