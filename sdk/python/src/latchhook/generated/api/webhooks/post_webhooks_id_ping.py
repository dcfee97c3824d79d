from typing import Any
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...models.event import Event
from ...models.ping import Ping
from ...types import UNSET, Unset


def _get_kwargs(
    id: str,
    *,
    body: Ping | Unset = UNSET,
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
        "url": "/v1/webhooks/{id}/ping".format(
            id=quote(str(id), safe=""),
        ),
    }

    if not isinstance(body, Unset):
        _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(response: httpx.Response) -> Event:
    response_202 = Event.from_dict(response.json())

    return response_202


def sync(
    id: str,
    *,
    client: AuthenticatedClient | Client,
    body: Ping | Unset = UNSET,
    latchhook_account: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Event:
    """Send a test event to one webhook.

    Of type `webhook.ping`, or of the one that `type` names. It is delivered to this webhook
    alone,
    whatever that subscribes to, and retried for ten minutes at most.
    """

    response = client.get_httpx_client().request(
        **_get_kwargs(
            id=id,
            body=body,
            latchhook_account=latchhook_account,
            idempotency_key=idempotency_key,
        )
    )
    return _parse_response(response)


async def asyncio(
    id: str,
    *,
    client: AuthenticatedClient | Client,
    body: Ping | Unset = UNSET,
    latchhook_account: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Event:
    """Send a test event to one webhook.

    Of type `webhook.ping`, or of the one that `type` names. It is delivered to this webhook
    alone,
    whatever that subscribes to, and retried for ten minutes at most.
    """

    response = await client.get_async_httpx_client().request(
        **_get_kwargs(
            id=id,
            body=body,
            latchhook_account=latchhook_account,
            idempotency_key=idempotency_key,
        )
    )
    return _parse_response(response)
