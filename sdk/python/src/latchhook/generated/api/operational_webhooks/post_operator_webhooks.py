from typing import Any

import httpx

from ...client import AuthenticatedClient, Client
from ...models.create_operator_webhook import CreateOperatorWebhook
from ...models.webhook import Webhook
from ...types import UNSET, Unset


def _get_kwargs(
    *,
    body: CreateOperatorWebhook,
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
        "url": "/v1/operator_webhooks",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(response: httpx.Response) -> Webhook:
    response_201 = Webhook.from_dict(response.json())

    return response_201


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: CreateOperatorWebhook,
    latchhook_account: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Webhook:
    """Create an operational webhook.

    It is told what happens in the installation: `webhook.failing`, `webhook.disabled`,
    `delivery.exhausted`, `api_key.created`, `api_key.expiring`, `account.created`,
    `account.credentialed`
    and `account.closed`. There can be five.
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
    body: CreateOperatorWebhook,
    latchhook_account: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Webhook:
    """Create an operational webhook.

    It is told what happens in the installation: `webhook.failing`, `webhook.disabled`,
    `delivery.exhausted`, `api_key.created`, `api_key.expiring`, `account.created`,
    `account.credentialed`
    and `account.closed`. There can be five.
    """

    response = await client.get_async_httpx_client().request(
        **_get_kwargs(
            body=body,
            latchhook_account=latchhook_account,
            idempotency_key=idempotency_key,
        )
    )
    return _parse_response(response)
