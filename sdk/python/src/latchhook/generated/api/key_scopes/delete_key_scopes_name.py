from typing import Any
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...models.key_scope import KeyScope
from ...types import UNSET, Unset


def _get_kwargs(
    name: str,
    *,
    latchhook_account: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(latchhook_account, Unset):
        headers["Latchhook-Account"] = latchhook_account

    _kwargs: dict[str, Any] = {
        "method": "delete",
        "url": "/v1/key_scopes/{name}".format(
            name=quote(str(name), safe=""),
        ),
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(response: httpx.Response) -> KeyScope:
    response_200 = KeyScope.from_dict(response.json())

    return response_200


def sync(
    name: str,
    *,
    client: AuthenticatedClient | Client,
    latchhook_account: str | Unset = UNSET,
) -> KeyScope:
    """Take a scope out.

    Keys that have it keep it.
    """

    response = client.get_httpx_client().request(
        **_get_kwargs(
            name=name,
            latchhook_account=latchhook_account,
        )
    )
    return _parse_response(response)


async def asyncio(
    name: str,
    *,
    client: AuthenticatedClient | Client,
    latchhook_account: str | Unset = UNSET,
) -> KeyScope:
    """Take a scope out.

    Keys that have it keep it.
    """

    response = await client.get_async_httpx_client().request(
        **_get_kwargs(
            name=name,
            latchhook_account=latchhook_account,
        )
    )
    return _parse_response(response)
