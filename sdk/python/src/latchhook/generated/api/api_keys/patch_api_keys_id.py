from typing import Any
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...models.api_key import ApiKey
from ...models.update_api_key import UpdateApiKey
from ...types import UNSET, Unset


def _get_kwargs(
    id: str,
    *,
    body: UpdateApiKey | Unset = UNSET,
    latchhook_account: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(latchhook_account, Unset):
        headers["Latchhook-Account"] = latchhook_account

    _kwargs: dict[str, Any] = {
        "method": "patch",
        "url": "/v1/api_keys/{id}".format(
            id=quote(str(id), safe=""),
        ),
    }

    if not isinstance(body, Unset):
        _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(response: httpx.Response) -> ApiKey:
    response_200 = ApiKey.from_dict(response.json())

    return response_200


def sync(
    id: str,
    *,
    client: AuthenticatedClient | Client,
    body: UpdateApiKey | Unset = UNSET,
    latchhook_account: str | Unset = UNSET,
) -> ApiKey:
    """Change an API key."""

    response = client.get_httpx_client().request(
        **_get_kwargs(
            id=id,
            body=body,
            latchhook_account=latchhook_account,
        )
    )
    return _parse_response(response)


async def asyncio(
    id: str,
    *,
    client: AuthenticatedClient | Client,
    body: UpdateApiKey | Unset = UNSET,
    latchhook_account: str | Unset = UNSET,
) -> ApiKey:
    """Change an API key."""

    response = await client.get_async_httpx_client().request(
        **_get_kwargs(
            id=id,
            body=body,
            latchhook_account=latchhook_account,
        )
    )
    return _parse_response(response)
