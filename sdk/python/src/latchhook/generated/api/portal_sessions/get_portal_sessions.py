from typing import Any

import httpx

from ...client import AuthenticatedClient, Client
from ...models.list_portal_session_row import ListPortalSessionRow
from ...types import UNSET, Unset


def _get_kwargs(
    *,
    per_page: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    latchhook_account: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(latchhook_account, Unset):
        headers["Latchhook-Account"] = latchhook_account

    params: dict[str, Any] = {}

    params["per_page"] = per_page

    params["cursor"] = cursor

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/portal_sessions",
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(response: httpx.Response) -> ListPortalSessionRow:
    response_200 = ListPortalSessionRow.from_dict(response.json())

    return response_200


def sync(
    *,
    client: AuthenticatedClient | Client,
    per_page: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    latchhook_account: str | Unset = UNSET,
) -> ListPortalSessionRow:
    """List portal sessions.

    Sessions are listed until they expire, ended ones included.
    """

    response = client.get_httpx_client().request(
        **_get_kwargs(
            per_page=per_page,
            cursor=cursor,
            latchhook_account=latchhook_account,
        )
    )
    return _parse_response(response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    per_page: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    latchhook_account: str | Unset = UNSET,
) -> ListPortalSessionRow:
    """List portal sessions.

    Sessions are listed until they expire, ended ones included.
    """

    response = await client.get_async_httpx_client().request(
        **_get_kwargs(
            per_page=per_page,
            cursor=cursor,
            latchhook_account=latchhook_account,
        )
    )
    return _parse_response(response)
