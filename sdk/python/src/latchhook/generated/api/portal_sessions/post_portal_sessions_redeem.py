from typing import Any

import httpx

from ...client import AuthenticatedClient
from ...models.begun_session import BegunSession
from ...models.redeem_code import RedeemCode


def _get_kwargs(
    *,
    body: RedeemCode,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/portal_sessions/redeem",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(response: httpx.Response) -> BegunSession:
    response_201 = BegunSession.from_dict(response.json())

    return response_201


def sync(
    *,
    client: AuthenticatedClient,
    body: RedeemCode,
) -> BegunSession:
    """Begin a portal session with a sign-in code.

    The dashboard calls this with its `?code=`. The code is the credential: valid once, for 10
    minutes.
    """

    response = client.get_httpx_client().request(
        **_get_kwargs(
            body=body,
        )
    )
    return _parse_response(response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: RedeemCode,
) -> BegunSession:
    """Begin a portal session with a sign-in code.

    The dashboard calls this with its `?code=`. The code is the credential: valid once, for 10
    minutes.
    """

    response = await client.get_async_httpx_client().request(
        **_get_kwargs(
            body=body,
        )
    )
    return _parse_response(response)
