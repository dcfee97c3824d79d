from typing import Literal, cast

DeliveryStatus = Literal["cancelled", "delivered", "exhausted", "pending", "retrying"]


def check_delivery_status(value: str) -> DeliveryStatus:
    return cast(DeliveryStatus, value)
