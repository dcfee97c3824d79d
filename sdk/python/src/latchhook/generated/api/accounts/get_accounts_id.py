import datetime
from typing import Any
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...models.account import Account
from ...types import UNSET, Unset


def _get_kwargs(
    id: str,
    *,
    as_of: datetime.datetime | Unset = UNSET,
    latchhook_account: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(latchhook_account, Unset):
        headers["Latchhook-Account"] = latchhook_account

    params: dict[str, Any] = {}

    json_as_of: str | Unset = UNSET
    if not isinstance(as_of, Unset):
        json_as_of = as_of.isoformat()
    params["as_of"] = json_as_of

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/accounts/{id}".format(
            id=quote(str(id), safe=""),
        ),
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(response: httpx.Response) -> Account:
    response_200 = Account.from_dict(response.json())

    return response_200


def sync(
    id: str,
    *,
    client: AuthenticatedClient | Client,
    as_of: datetime.datetime | Unset = UNSET,
    latchhook_account: str | Unset = UNSET,
) -> Account:
    """Show an account."""

    response = client.get_httpx_client().request(
        **_get_kwargs(
            id=id,
            as_of=as_of,
            latchhook_account=latchhook_account,
        )
    )
    return _parse_response(response)


async def asyncio(
    id: str,
    *,
    client: AuthenticatedClient | Client,
    as_of: datetime.datetime | Unset = UNSET,
    latchhook_account: str | Unset = UNSET,
) -> Account:
    """Show an account."""

    response = await client.get_async_httpx_client().request(
        **_get_kwargs(
            id=id,
            as_of=as_of,
            latchhook_account=latchhook_account,
        )
    )
    return _parse_response(response)
