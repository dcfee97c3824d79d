from typing import Any

import httpx

from ...client import AuthenticatedClient


def _get_kwargs() -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/healthz",
    }

    return _kwargs


def _parse_response(response: httpx.Response) -> Any:
    return None


def sync(
    *,
    client: AuthenticatedClient,
) -> Any:
    """Check that the process is up."""

    response = client.get_httpx_client().request(**_get_kwargs())
    return _parse_response(response)


async def asyncio(
    *,
    client: AuthenticatedClient,
) -> Any:
    """Check that the process is up."""

    response = await client.get_async_httpx_client().request(**_get_kwargs())
    return _parse_response(response)
