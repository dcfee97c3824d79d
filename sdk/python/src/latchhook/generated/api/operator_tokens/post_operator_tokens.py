from typing import Any

import httpx

from ...client import AuthenticatedClient, Client
from ...models.create_operator_token import CreateOperatorToken
from ...models.operator_token import OperatorToken
from ...types import UNSET, Unset


def _get_kwargs(
    *,
    body: CreateOperatorToken,
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
        "url": "/v1/operator_tokens",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(response: httpx.Response) -> OperatorToken:
    response_201 = OperatorToken.from_dict(response.json())

    return response_201


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: CreateOperatorToken,
    latchhook_account: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> OperatorToken:
    """Make an operator token.

    The answer has the token itself, once: only its hash is kept.
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
    body: CreateOperatorToken,
    latchhook_account: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> OperatorToken:
    """Make an operator token.

    The answer has the token itself, once: only its hash is kept.
    """

    response = await client.get_async_httpx_client().request(
        **_get_kwargs(
            body=body,
            latchhook_account=latchhook_account,
            idempotency_key=idempotency_key,
        )
    )
    return _parse_response(response)
