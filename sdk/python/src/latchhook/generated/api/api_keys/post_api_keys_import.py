from typing import Any

import httpx

from ...client import AuthenticatedClient, Client
from ...models.import_api_keys import ImportApiKeys
from ...models.list_api_key import ListApiKey
from ...types import UNSET, Unset


def _get_kwargs(
    *,
    body: ImportApiKeys,
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
        "url": "/v1/api_keys/import",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(response: httpx.Response) -> ListApiKey:
    response_201 = ListApiKey.from_dict(response.json())

    return response_201


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: ImportApiKeys,
    latchhook_account: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> ListApiKey:
    """Import API keys.

    Keys that somebody else made, in any form, by value or by hash: all of them are imported, or
    none.
    They are verified and used like those that are made here. A key that is known already is
    `key_taken`.
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
    body: ImportApiKeys,
    latchhook_account: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> ListApiKey:
    """Import API keys.

    Keys that somebody else made, in any form, by value or by hash: all of them are imported, or
    none.
    They are verified and used like those that are made here. A key that is known already is
    `key_taken`.
    """

    response = await client.get_async_httpx_client().request(
        **_get_kwargs(
            body=body,
            latchhook_account=latchhook_account,
            idempotency_key=idempotency_key,
        )
    )
    return _parse_response(response)
