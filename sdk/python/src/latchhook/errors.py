"""Errors of the API, told apart by their `code`."""

from typing import Any, cast

import httpx

from .generated.models.error_code import ErrorCode


class LatchhookError(Exception):
    """Call that did not succeed, after all its tries."""


class UnreachableError(LatchhookError):
    """No answer: the network failed. A call that changes something may have been carried out."""


class ApiError(LatchhookError):
    """Error that the server answered.

    `code` is stable, and a type checker knows which there are. It is None if the answer is not of
    Latchhook, but of a proxy before it.
    """

    def __init__(
        self,
        status: int,
        message: str,
        code: ErrorCode | None = None,
        param: str | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        at = f" ({param})" if param else ""
        named = f" [{request_id}]" if request_id else ""
        super().__init__(f"{status} {code or 'without a code'}{at}: {message}{named}")
        self.status = status
        self.message = message
        self.code = code
        self.param = param
        self.request_id = request_id
        self.retry_after = retry_after

    @classmethod
    def of(cls, response: httpx.Response) -> "ApiError":
        """Reads the error in an answer whose body has been read."""
        body = _object(response)
        code = body.get("code")
        known = isinstance(code, str)
        return cls(
            response.status_code,
            str(body.get("error")) if known else "the answer is not Latchhook's",
            cast(ErrorCode, code) if known else None,
            body.get("param"),
            body.get("request_id") or response.headers.get("X-Request-Id"),
            seconds(response.headers.get("Retry-After")),
        )


def seconds(text: str | None) -> float | None:
    """Reads the seconds of a `Retry-After`; None if it has none."""
    return float(text) if text and text.isascii() and text.isdigit() else None


def _object(response: httpx.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
