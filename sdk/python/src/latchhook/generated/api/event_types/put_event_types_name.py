from typing import Any
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...models.event_type import EventType
from ...models.put_event_type import PutEventType
from ...types import UNSET, Unset


def _get_kwargs(
    name: str,
    *,
    body: PutEventType | Unset = UNSET,
    latchhook_account: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(latchhook_account, Unset):
        headers["Latchhook-Account"] = latchhook_account

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/v1/event_types/{name}".format(
            name=quote(str(name), safe=""),
        ),
    }

    if not isinstance(body, Unset):
        _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(response: httpx.Response) -> EventType:
    response_200 = EventType.from_dict(response.json())

    return response_200


def sync(
    name: str,
    *,
    client: AuthenticatedClient | Client,
    body: PutEventType | Unset = UNSET,
    latchhook_account: str | Unset = UNSET,
) -> EventType:
    """Register an event type, or change it."""

    response = client.get_httpx_client().request(
        **_get_kwargs(
            name=name,
            body=body,
            latchhook_account=latchhook_account,
        )
    )
    return _parse_response(response)


async def asyncio(
    name: str,
    *,
    client: AuthenticatedClient | Client,
    body: PutEventType | Unset = UNSET,
    latchhook_account: str | Unset = UNSET,
) -> EventType:
    """Register an event type, or change it."""

    response = await client.get_async_httpx_client().request(
        **_get_kwargs(
            name=name,
            body=body,
            latchhook_account=latchhook_account,
        )
    )
    return _parse_response(response)
