from typing import Any
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...models.recover import Recover
from ...models.recovered import Recovered
from ...types import UNSET, Unset


def _get_kwargs(
    id: str,
    *,
    body: Recover,
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
        "url": "/v1/webhooks/{id}/recover".format(
            id=quote(str(id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(response: httpx.Response) -> Recovered:
    response_202 = Recovered.from_dict(response.json())

    return response_202


def sync(
    id: str,
    *,
    client: AuthenticatedClient | Client,
    body: Recover,
    latchhook_account: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Recovered:
    """Queue undelivered events again.

    Every delivery in the period that ended exhausted, or was cancelled because the webhook was
    disabled, begins its schedule again, at a limited pace; with `include`, also what waits for
    another
    attempt. Thousands of them are queued after the answer, which then says that it `continues`;
    the
    webhook then shows how far it is, as `recovery`.
    """

    response = client.get_httpx_client().request(
        **_get_kwargs(
            id=id,
            body=body,
            latchhook_account=latchhook_account,
            idempotency_key=idempotency_key,
        )
    )
    return _parse_response(response)


async def asyncio(
    id: str,
    *,
    client: AuthenticatedClient | Client,
    body: Recover,
    latchhook_account: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Recovered:
    """Queue undelivered events again.

    Every delivery in the period that ended exhausted, or was cancelled because the webhook was
    disabled, begins its schedule again, at a limited pace; with `include`, also what waits for
    another
    attempt. Thousands of them are queued after the answer, which then says that it `continues`;
    the
    webhook then shows how far it is, as `recovery`.
    """

    response = await client.get_async_httpx_client().request(
        **_get_kwargs(
            id=id,
            body=body,
            latchhook_account=latchhook_account,
            idempotency_key=idempotency_key,
        )
    )
    return _parse_response(response)
