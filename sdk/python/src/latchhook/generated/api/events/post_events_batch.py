from typing import Any

import httpx

from ...client import AuthenticatedClient, Client
from ...models.list_event import ListEvent
from ...models.post_events import PostEvents
from ...types import UNSET, Unset


def _get_kwargs(
    *,
    body: PostEvents,
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
        "url": "/v1/events/batch",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(response: httpx.Response) -> ListEvent:
    response_202 = ListEvent.from_dict(response.json())

    return response_202


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: PostEvents,
    latchhook_account: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> ListEvent:
    """Post a batch of events.

    All of them are accepted, or none. An event whose `idempotency_key` is known is answered as
    it was
    then, and not accepted again.
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
    body: PostEvents,
    latchhook_account: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> ListEvent:
    """Post a batch of events.

    All of them are accepted, or none. An event whose `idempotency_key` is known is answered as
    it was
    then, and not accepted again.
    """

    response = await client.get_async_httpx_client().request(
        **_get_kwargs(
            body=body,
            latchhook_account=latchhook_account,
            idempotency_key=idempotency_key,
        )
    )
    return _parse_response(response)
