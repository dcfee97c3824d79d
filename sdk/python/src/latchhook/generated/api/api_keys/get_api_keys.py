import datetime
from typing import Any

import httpx

from ...client import AuthenticatedClient, Client
from ...models.environment import Environment
from ...models.list_api_key import ListApiKey
from ...types import UNSET, Unset


def _get_kwargs(
    *,
    environment: Environment | Unset = UNSET,
    include_expired: bool | Unset = UNSET,
    as_of: datetime.datetime | Unset = UNSET,
    per_page: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    latchhook_account: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(latchhook_account, Unset):
        headers["Latchhook-Account"] = latchhook_account

    params: dict[str, Any] = {}

    json_environment: str | Unset = UNSET
    if not isinstance(environment, Unset):
        json_environment = environment

    params["environment"] = json_environment

    params["include_expired"] = include_expired

    json_as_of: str | Unset = UNSET
    if not isinstance(as_of, Unset):
        json_as_of = as_of.isoformat()
    params["as_of"] = json_as_of

    params["per_page"] = per_page

    params["cursor"] = cursor

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/api_keys",
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(response: httpx.Response) -> ListApiKey:
    response_200 = ListApiKey.from_dict(response.json())

    return response_200


def sync(
    *,
    client: AuthenticatedClient | Client,
    environment: Environment | Unset = UNSET,
    include_expired: bool | Unset = UNSET,
    as_of: datetime.datetime | Unset = UNSET,
    per_page: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    latchhook_account: str | Unset = UNSET,
) -> ListApiKey:
    """List API keys."""

    response = client.get_httpx_client().request(
        **_get_kwargs(
            environment=environment,
            include_expired=include_expired,
            as_of=as_of,
            per_page=per_page,
            cursor=cursor,
            latchhook_account=latchhook_account,
        )
    )
    return _parse_response(response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    environment: Environment | Unset = UNSET,
    include_expired: bool | Unset = UNSET,
    as_of: datetime.datetime | Unset = UNSET,
    per_page: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    latchhook_account: str | Unset = UNSET,
) -> ListApiKey:
    """List API keys."""

    response = await client.get_async_httpx_client().request(
        **_get_kwargs(
            environment=environment,
            include_expired=include_expired,
            as_of=as_of,
            per_page=per_page,
            cursor=cursor,
            latchhook_account=latchhook_account,
        )
    )
    return _parse_response(response)
