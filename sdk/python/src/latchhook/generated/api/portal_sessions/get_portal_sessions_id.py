from typing import Any
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...models.portal_session_row import PortalSessionRow
from ...types import UNSET, Unset


def _get_kwargs(
    id: str,
    *,
    latchhook_account: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(latchhook_account, Unset):
        headers["Latchhook-Account"] = latchhook_account

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/portal_sessions/{id}".format(
            id=quote(str(id), safe=""),
        ),
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(response: httpx.Response) -> PortalSessionRow:
    response_200 = PortalSessionRow.from_dict(response.json())

    return response_200


def sync(
    id: str,
    *,
    client: AuthenticatedClient | Client,
    latchhook_account: str | Unset = UNSET,
) -> PortalSessionRow:
    """Show a portal session.

    A session may ask for itself alone.
    """

    response = client.get_httpx_client().request(
        **_get_kwargs(
            id=id,
            latchhook_account=latchhook_account,
        )
    )
    return _parse_response(response)


async def asyncio(
    id: str,
    *,
    client: AuthenticatedClient | Client,
    latchhook_account: str | Unset = UNSET,
) -> PortalSessionRow:
    """Show a portal session.

    A session may ask for itself alone.
    """

    response = await client.get_async_httpx_client().request(
        **_get_kwargs(
            id=id,
            latchhook_account=latchhook_account,
        )
    )
    return _parse_response(response)
