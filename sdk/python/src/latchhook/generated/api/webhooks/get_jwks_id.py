from typing import Any
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient
from ...models.jwk_set import JwkSet


def _get_kwargs(
    id: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/jwks/{id}".format(
            id=quote(str(id), safe=""),
        ),
    }

    return _kwargs


def _parse_response(response: httpx.Response) -> JwkSet:
    response_200 = JwkSet.from_dict(response.json())

    return response_200


def sync(
    id: str,
    *,
    client: AuthenticatedClient,
) -> JwkSet:
    """Show a webhook's public keys.

    Of a webhook whose `signing` is `ed25519`, as a JWK set; open to everybody.
    """

    response = client.get_httpx_client().request(
        **_get_kwargs(
            id=id,
        )
    )
    return _parse_response(response)


async def asyncio(
    id: str,
    *,
    client: AuthenticatedClient,
) -> JwkSet:
    """Show a webhook's public keys.

    Of a webhook whose `signing` is `ed25519`, as a JWK set; open to everybody.
    """

    response = await client.get_async_httpx_client().request(
        **_get_kwargs(
            id=id,
        )
    )
    return _parse_response(response)
