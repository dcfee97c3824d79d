import datetime
from typing import Any

import httpx

from ...client import AuthenticatedClient, Client
from ...models.delivery_stats import DeliveryStats
from ...models.environment import Environment
from ...types import UNSET, Unset


def _get_kwargs(
    *,
    environment: Environment | Unset = UNSET,
    webhook_id: str | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    buckets: int | Unset = UNSET,
    latchhook_account: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(latchhook_account, Unset):
        headers["Latchhook-Account"] = latchhook_account

    params: dict[str, Any] = {}

    json_environment: str | Unset = UNSET
    if not isinstance(environment, Unset):
        json_environment = environment

    params["environment"] = json_environment

    params["webhook_id"] = webhook_id

    json_since: str | Unset = UNSET
    if not isinstance(since, Unset):
        json_since = since.isoformat()
    params["since"] = json_since

    json_until: str | Unset = UNSET
    if not isinstance(until, Unset):
        json_until = until.isoformat()
    params["until"] = json_until

    params["buckets"] = buckets

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/delivery_stats",
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(response: httpx.Response) -> DeliveryStats:
    response_200 = DeliveryStats.from_dict(response.json())

    return response_200


def sync(
    *,
    client: AuthenticatedClient | Client,
    environment: Environment | Unset = UNSET,
    webhook_id: str | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    buckets: int | Unset = UNSET,
    latchhook_account: str | Unset = UNSET,
) -> DeliveryStats:
    """Count delivery attempts over time.

    Every attempt is counted as it is recorded, by the time at which it began; nothing is
    estimated.
    """

    response = client.get_httpx_client().request(
        **_get_kwargs(
            environment=environment,
            webhook_id=webhook_id,
            since=since,
            until=until,
            buckets=buckets,
            latchhook_account=latchhook_account,
        )
    )
    return _parse_response(response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    environment: Environment | Unset = UNSET,
    webhook_id: str | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    buckets: int | Unset = UNSET,
    latchhook_account: str | Unset = UNSET,
) -> DeliveryStats:
    """Count delivery attempts over time.

    Every attempt is counted as it is recorded, by the time at which it began; nothing is
    estimated.
    """

    response = await client.get_async_httpx_client().request(
        **_get_kwargs(
            environment=environment,
            webhook_id=webhook_id,
            since=since,
            until=until,
            buckets=buckets,
            latchhook_account=latchhook_account,
        )
    )
    return _parse_response(response)
