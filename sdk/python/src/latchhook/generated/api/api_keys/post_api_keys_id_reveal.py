from typing import Any
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...models.api_key_secret import ApiKeySecret
from ...types import UNSET, Unset


def _get_kwargs(
    id: str,
    *,
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
        "url": "/v1/api_keys/{id}/reveal".format(
            id=quote(str(id), safe=""),
        ),
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(response: httpx.Response) -> ApiKeySecret:
    response_200 = ApiKeySecret.from_dict(response.json())

    return response_200


def sync(
    id: str,
    *,
    client: AuthenticatedClient | Client,
    latchhook_account: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> ApiKeySecret:
    """Reveal an API key."""

    response = client.get_httpx_client().request(
        **_get_kwargs(
            id=id,
            latchhook_account=latchhook_account,
            idempotency_key=idempotency_key,
        )
    )
    return _parse_response(response)


async def asyncio(
    id: str,
    *,
    client: AuthenticatedClient | Client,
    latchhook_account: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> ApiKeySecret:
    """Reveal an API key."""

    response = await client.get_async_httpx_client().request(
        **_get_kwargs(
            id=id,
            latchhook_account=latchhook_account,
            idempotency_key=idempotency_key,
        )
    )
    return _parse_response(response)
