from typing import Any

import httpx

from ...client import AuthenticatedClient, Client
from ...models.event import Event
from ...models.post_event import PostEvent
from ...types import UNSET, Unset


def _get_kwargs(
    *,
    body: PostEvent,
    latchhook_account: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(latchhook_account, Unset):
        headers["Latchhook-Account"] = latchhook_account

    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/events",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(response: httpx.Response) -> Event:
    response_202 = Event.from_dict(response.json())

    return response_202


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: PostEvent,
    latchhook_account: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Event:
    """Post an event.

    202 means that the event is durable: from then on every matching webhook is tried until it
    acknowledges or its schedule ends, whatever crashes.
    """

    response = client.get_httpx_client().request(
        **_get_kwargs(
            body=body,
            latchhook_account=latchhook_account,
            idempotency_key=idempotency_key,
        )
    )
    return _parse_response(response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: PostEvent,
    latchhook_account: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Event:
    """Post an event.

    202 means that the event is durable: from then on every matching webhook is tried until it
    acknowledges or its schedule ends, whatever crashes.
    """

    response = await client.get_async_httpx_client().request(
        **_get_kwargs(
            body=body,
            latchhook_account=latchhook_account,
            idempotency_key=idempotency_key,
        )
    )
    return _parse_response(response)
