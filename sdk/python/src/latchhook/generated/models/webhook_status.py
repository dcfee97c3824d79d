from typing import Literal, cast

WebhookStatus = Literal["disabled", "enabled"]


def check_webhook_status(value: str) -> WebhookStatus:
    return cast(WebhookStatus, value)
