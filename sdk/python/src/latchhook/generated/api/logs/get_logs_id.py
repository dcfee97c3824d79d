from typing import Any
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...models.delivery_log import DeliveryLog
from ...models.request_log import RequestLog
from ...types import UNSET, Unset


def _get_kwargs(
    id: str,
    *,
    latchhook_account: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(latchhook_account, Unset):
        headers["Latchhook-Account"] = latchhook_account

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/logs/{id}".format(
            id=quote(str(id), safe=""),
        ),
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(response: httpx.Response) -> DeliveryLog | RequestLog:
    def _parse_response_200(data: object) -> DeliveryLog | RequestLog:
        try:
            if not isinstance(data, dict):
                raise TypeError()
            componentsschemas_log_type_0 = RequestLog.from_dict(data)

            return componentsschemas_log_type_0
        except (TypeError, ValueError, AttributeError, KeyError):
            pass
        if not isinstance(data, dict):
            raise TypeError()
        componentsschemas_log_type_1 = DeliveryLog.from_dict(data)

        return componentsschemas_log_type_1

    response_200 = _parse_response_200(response.json())

    return response_200


def sync(
    id: str,
    *,
    client: AuthenticatedClient | Client,
    latchhook_account: str | Unset = UNSET,
) -> DeliveryLog | RequestLog:
    """Show a log row."""

    response = client.get_httpx_client().request(
        **_get_kwargs(
            id=id,
            latchhook_account=latchhook_account,
        )
    )
    return _parse_response(response)


async def asyncio(
    id: str,
    *,
    client: AuthenticatedClient | Client,
    latchhook_account: str | Unset = UNSET,
) -> DeliveryLog | RequestLog:
    """Show a log row."""

    response = await client.get_async_httpx_client().request(
        **_get_kwargs(
            id=id,
            latchhook_account=latchhook_account,
        )
    )
    return _parse_response(response)
