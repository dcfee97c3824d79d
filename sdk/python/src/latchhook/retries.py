"""Repeats of calls: when, how often, and after how long."""

import random
import time
import uuid
from asyncio import sleep as sleep_async
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import httpx

from .errors import ApiError, LatchhookError, UnreachableError

#: A `POST` that only asks: it changes nothing, and needs no key to be repeated.
_ASKS = "/v1/api_keys/verify"
#: A `POST` that takes no `Idempotency-Key`.
_ONCE = "/v1/portal_sessions/redeem"


@dataclass(frozen=True)
class Retries:
    """Policy by which failed calls are repeated, with full jitter over a doubling time.

    A `POST` carries one `Idempotency-Key` for all of its tries, so it is carried out once. `sleep`,
    `sleep_async` and `jitter` are there for tests.
    """

    tries: int = 4
    first: float = 0.25
    longest: float = 8.0
    #: A longer `Retry-After` than this is not waited for: the call fails at once.
    patience: float = 60.0
    sleep: Callable[[float], object] = time.sleep
    sleep_async: Callable[[float], Awaitable[object]] = sleep_async
    jitter: Callable[[], float] = field(default=random.random)

    def wait(self, request: httpx.Request, tries: int, error: LatchhookError) -> float | None:
        """Returns the seconds until the next try after `tries` of them; None if there is none."""
        if tries >= self.tries or not _is_repeatable(request, error):
            return None
        pause = self.jitter() * min(self.longest, self.first * 2.0 ** (tries - 1))
        asked = error.retry_after if isinstance(error, ApiError) else None
        if asked is not None and asked > self.patience:
            return None
        return max(pause, asked or 0.0)


def _is_repeatable(request: httpx.Request, error: LatchhookError) -> bool:
    if isinstance(error, ApiError):
        if error.status in (429, 503) and error.code is not None:
            return True
        if error.code == "idempotency_in_progress":
            return True
        # A proxy's answer says as little as none.
        if error.code is not None or error.status not in (429, 502, 503, 504):
            return False
    if request.method == "POST":
        return "Idempotency-Key" in request.headers or request.url.path.endswith(_ASKS)
    return request.method != "DELETE"


def _prepare(request: httpx.Request) -> None:
    path = request.url.path
    if request.method == "POST" and not path.endswith((_ASKS, _ONCE)):
        request.headers.setdefault("Idempotency-Key", str(uuid.uuid4()))


class RetryingTransport(httpx.BaseTransport):
    """Transport that repeats what failed, and raises a `LatchhookError` for what went on failing."""

    def __init__(self, inner: httpx.BaseTransport, retries: Retries) -> None:
        self._inner = inner
        self._retries = retries

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        _prepare(request)
        tries = 0
        while True:
            tries += 1
            error: LatchhookError
            try:
                response = self._inner.handle_request(request)
                if response.is_success:
                    return response
                response.read()
                response.close()
                error = ApiError.of(response)
            except httpx.TransportError as failure:
                error = UnreachableError(f"no answer: {type(failure).__name__}")
                error.__cause__ = failure
            pause = self._retries.wait(request, tries, error)
            if pause is None:
                raise error
            self._retries.sleep(pause)

    def close(self) -> None:
        self._inner.close()


class AsyncRetryingTransport(httpx.AsyncBaseTransport):
    """`RetryingTransport` for asyncio."""

    def __init__(self, inner: httpx.AsyncBaseTransport, retries: Retries) -> None:
        self._inner = inner
        self._retries = retries

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        _prepare(request)
        tries = 0
        while True:
            tries += 1
            error: LatchhookError
            try:
                response = await self._inner.handle_async_request(request)
                if response.is_success:
                    return response
                await response.aread()
                await response.aclose()
                error = ApiError.of(response)
            except httpx.TransportError as failure:
                error = UnreachableError(f"no answer: {type(failure).__name__}")
                error.__cause__ = failure
            pause = self._retries.wait(request, tries, error)
            if pause is None:
                raise error
            await self._retries.sleep_async(pause)

    async def aclose(self) -> None:
        await self._inner.aclose()
