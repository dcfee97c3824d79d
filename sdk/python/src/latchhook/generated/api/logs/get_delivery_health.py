from typing import Any

import httpx

from ...client import AuthenticatedClient, Client
from ...models.delivery_health import DeliveryHealth
from ...types import UNSET, Unset


def _get_kwargs(
    *,
    latchhook_account: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(latchhook_account, Unset):
        headers["Latchhook-Account"] = latchhook_account

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/delivery_health",
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(response: httpx.Response) -> DeliveryHealth:
    response_200 = DeliveryHealth.from_dict(response.json())

    return response_200


def sync(
    *,
    client: AuthenticatedClient | Client,
    latchhook_account: str | Unset = UNSET,
) -> DeliveryHealth:
    """Show how deliveries fare over all accounts."""

    response = client.get_httpx_client().request(
        **_get_kwargs(
            latchhook_account=latchhook_account,
        )
    )
    return _parse_response(response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    latchhook_account: str | Unset = UNSET,
) -> DeliveryHealth:
    """Show how deliveries fare over all accounts."""

    response = await client.get_async_httpx_client().request(
        **_get_kwargs(
            latchhook_account=latchhook_account,
        )
    )
    return _parse_response(response)
