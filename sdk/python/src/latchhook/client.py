"""The client that the functions of `latchhook.generated.api` take."""

from typing import Any

import httpx

from .generated.client import AuthenticatedClient
from .retries import AsyncRetryingTransport, Retries, RetryingTransport


class Latchhook(AuthenticatedClient):
    """Connection to one server, with one credential.

    `token` is an operator token, a portal session's token or an API key. `account` is the account that
    an operator acts on; `latchhook_account` of a single call goes before it. `timeout` is in seconds,
    of connecting and of each wait for bytes. `transport` and `async_transport` replace httpx's own, in
    tests for instance.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        account: str | None = None,
        timeout: float = 30.0,
        retries: Retries | None = None,
        transport: httpx.BaseTransport | None = None,
        async_transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        super().__init__(base_url=url.rstrip("/"), token=token)
        self._options: dict[str, Any] = {
            "base_url": self._base_url,
            "headers": {
                "Authorization": f"Bearer {token}",
                **({"Latchhook-Account": account} if account else {}),
            },
            "timeout": timeout,
        }
        self._retries = retries or Retries()
        self._transport = transport
        self._async_transport = async_transport

    def get_httpx_client(self) -> httpx.Client:
        """Returns the client of httpx, made by the first call."""
        if self._client is None:
            inner = self._transport or httpx.HTTPTransport()
            transport = RetryingTransport(inner, self._retries)
            self.set_httpx_client(httpx.Client(transport=transport, **self._options))
        return super().get_httpx_client()

    def get_async_httpx_client(self) -> httpx.AsyncClient:
        """Returns the client of httpx for asyncio, made by the first call."""
        if self._async_client is None:
            inner = self._async_transport or httpx.AsyncHTTPTransport()
            transport = AsyncRetryingTransport(inner, self._retries)
            self.set_async_httpx_client(httpx.AsyncClient(transport=transport, **self._options))
        return super().get_async_httpx_client()

    def __repr__(self) -> str:
        return f"Latchhook({self._base_url!r})"
