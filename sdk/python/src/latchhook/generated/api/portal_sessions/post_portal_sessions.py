from typing import Any

import httpx

from ...client import AuthenticatedClient, Client
from ...models.create_portal_session import CreatePortalSession
from ...models.portal_session import PortalSession
from ...types import UNSET, Unset


def _get_kwargs(
    *,
    body: CreatePortalSession | Unset = UNSET,
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
        "url": "/v1/portal_sessions",
    }

    if not isinstance(body, Unset):
        _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(response: httpx.Response) -> PortalSession:
    response_201 = PortalSession.from_dict(response.json())

    return response_201


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: CreatePortalSession | Unset = UNSET,
    latchhook_account: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> PortalSession:
    """Open a portal session."""

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
    body: CreatePortalSession | Unset = UNSET,
    latchhook_account: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> PortalSession:
    """Open a portal session."""

    response = await client.get_async_httpx_client().request(
        **_get_kwargs(
            body=body,
            latchhook_account=latchhook_account,
            idempotency_key=idempotency_key,
        )
    )
    return _parse_response(response)
