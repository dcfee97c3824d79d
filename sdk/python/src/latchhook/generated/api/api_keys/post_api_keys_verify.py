from typing import Any

import httpx

from ...client import AuthenticatedClient, Client
from ...models.verification import Verification
from ...models.verify_api_key import VerifyApiKey
from ...types import UNSET, Unset


def _get_kwargs(
    *,
    body: VerifyApiKey,
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
        "url": "/v1/api_keys/verify",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(response: httpx.Response) -> Verification:
    response_200 = Verification.from_dict(response.json())

    return response_200


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: VerifyApiKey,
    latchhook_account: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Verification:
    """Verify an API key.

    Counts against the key's rate limit. Of a key that is not valid, only the code is told.
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
    body: VerifyApiKey,
    latchhook_account: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Verification:
    """Verify an API key.

    Counts against the key's rate limit. Of a key that is not valid, only the code is told.
    """

    response = await client.get_async_httpx_client().request(
        **_get_kwargs(
            body=body,
            latchhook_account=latchhook_account,
            idempotency_key=idempotency_key,
        )
    )
    return _parse_response(response)
