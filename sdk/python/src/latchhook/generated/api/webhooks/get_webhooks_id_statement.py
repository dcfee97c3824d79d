import datetime
from typing import Any
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...models.webhook_statement import WebhookStatement
from ...types import UNSET, Unset


def _get_kwargs(
    id: str,
    *,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    latchhook_account: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(latchhook_account, Unset):
        headers["Latchhook-Account"] = latchhook_account

    params: dict[str, Any] = {}

    json_since: str | Unset = UNSET
    if not isinstance(since, Unset):
        json_since = since.isoformat()
    params["since"] = json_since

    json_until: str | Unset = UNSET
    if not isinstance(until, Unset):
        json_until = until.isoformat()
    params["until"] = json_until

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/webhooks/{id}/statement".format(
            id=quote(str(id), safe=""),
        ),
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(response: httpx.Response) -> WebhookStatement:
    response_200 = WebhookStatement.from_dict(response.json())

    return response_200


def sync(
    id: str,
    *,
    client: AuthenticatedClient | Client,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    latchhook_account: str | Unset = UNSET,
) -> WebhookStatement:
    """Show what was meant for a webhook.

    Counts the events that were accepted in a window of time and meant for the webhook, by what
    became of
    them, with a digest by which their receiver finds out whether it has them all.
    """

    response = client.get_httpx_client().request(
        **_get_kwargs(
            id=id,
            since=since,
            until=until,
            latchhook_account=latchhook_account,
        )
    )
    return _parse_response(response)


async def asyncio(
    id: str,
    *,
    client: AuthenticatedClient | Client,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    latchhook_account: str | Unset = UNSET,
) -> WebhookStatement:
    """Show what was meant for a webhook.

    Counts the events that were accepted in a window of time and meant for the webhook, by what
    became of
    them, with a digest by which their receiver finds out whether it has them all.
    """

    response = await client.get_async_httpx_client().request(
        **_get_kwargs(
            id=id,
            since=since,
            until=until,
            latchhook_account=latchhook_account,
        )
    )
    return _parse_response(response)
