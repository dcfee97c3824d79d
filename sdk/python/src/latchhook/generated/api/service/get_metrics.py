from typing import Any

import httpx

from ...client import AuthenticatedClient


def _get_kwargs() -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/metrics",
    }

    return _kwargs


def _parse_response(response: httpx.Response) -> str:
    response_200 = response.text
    return response_200


def sync(
    *,
    client: AuthenticatedClient,
) -> str:
    """Show the server's metrics.

    Counters and gauges since its start, in the text format of Prometheus.
    """

    response = client.get_httpx_client().request(**_get_kwargs())
    return _parse_response(response)


async def asyncio(
    *,
    client: AuthenticatedClient,
) -> str:
    """Show the server's metrics.

    Counters and gauges since its start, in the text format of Prometheus.
    """

    response = await client.get_async_httpx_client().request(**_get_kwargs())
    return _parse_response(response)
