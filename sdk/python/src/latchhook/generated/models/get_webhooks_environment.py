from typing import Literal, cast

GetWebhooksEnvironment = Literal["live", "test"]


def check_get_webhooks_environment(value: str) -> GetWebhooksEnvironment:
    return cast(GetWebhooksEnvironment, value)
