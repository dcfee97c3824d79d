from typing import Any

import httpx

from ...client import AuthenticatedClient


def _get_kwargs() -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/openapi.json",
    }

    return _kwargs


def _parse_response(response: httpx.Response) -> Any:
    return None


def sync(
    *,
    client: AuthenticatedClient,
) -> Any:
    """This document."""

    response = client.get_httpx_client().request(**_get_kwargs())
    return _parse_response(response)


async def asyncio(
    *,
    client: AuthenticatedClient,
) -> Any:
    """This document."""

    response = await client.get_async_httpx_client().request(**_get_kwargs())
    return _parse_response(response)
