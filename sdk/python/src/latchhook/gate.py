"""Admission to your API: who calls, is the key good, and the row of the log about it.

A `Gate` knows nothing of a web framework; `latchhook.fastapi` and `latchhook.django` do.
"""

import base64
import binascii
import datetime
import ipaddress
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import httpx

from .client import Latchhook
from .errors import ApiError, LatchhookError, UnreachableError
from .generated.api.api_keys import post_api_keys_verify
from .generated.models.environment import Environment
from .generated.models.key_type import KeyType
from .generated.models.request_description import RequestDescription
from .generated.models.reported_request import ReportedRequest
from .generated.models.verification import Verification
from .generated.models.verify_api_key import VerifyApiKey
from .generated.types import UNSET
from .request_logs import RequestLogs
from .retries import Retries

_STATUS = {"insufficient_scope": 403, "ip_not_allowed": 403, "rate_limited": 429}
_MESSAGES = {
    "missing_key": "Send an API key.",
    "expired": "The API key has expired.",
    "insufficient_scope": "The API key lacks a scope that this needs.",
    "ip_not_allowed": "The API key may not be used from here.",
    "rate_limited": "Too many requests with this API key.",
    "unavailable": "The API key cannot be checked now.",
}


@dataclass(frozen=True)
class Caller:
    """Owner of a good key. The key itself is not kept."""

    account_id: str
    account_external_id: str | None
    key_id: str
    environment: Environment
    type: KeyType
    name: str | None
    scopes: frozenset[str] | None
    metadata: dict[str, str] = field(hash=False)

    def may(self, scope: str) -> bool:
        """Returns whether the key has a scope; one without scopes has them all."""
        return self.scopes is None or scope in self.scopes


@dataclass(frozen=True)
class Incoming:
    """Request to your API."""

    method: str
    path: str
    authorization: str | None = None
    ip: str | None = None
    user_agent: str | None = None


@dataclass(frozen=True)
class Refusal:
    """Answer to a request that is not admitted."""

    status: int
    code: str

    @property
    def body(self) -> dict[str, str]:
        message = _MESSAGES.get(self.code, "The API key is not good here.")
        return {"error": message, "code": self.code}

    @property
    def headers(self) -> dict[str, str]:
        if self.status == 401:
            return {"WWW-Authenticate": "Bearer"}
        return {"Retry-After": "1"} if self.status in (429, 503) else {}


class Admission:
    """Request that was admitted, to be told to the log once it is answered."""

    def __init__(self, caller: Caller | None, answered: Callable[[int], None]) -> None:
        #: None where `on_failure="admit"` let in a request that nobody could check.
        self.caller = caller
        #: Takes the status of the answer; returns at once.
        self.answered = answered


class Gate:
    """Checks the keys of your API's callers with a Latchhook server.

    `token` is an operator token with the scopes `keys:verify` and `request_logs:write`. `environment`
    and `key_type` are what this API serves, if not everything. `timeout`, in seconds, and `retries`
    bound how long a request waits for Latchhook.

    If Latchhook cannot be asked, requests are refused with 503. With `on_failure="admit"` they go on
    without a caller, unchecked: only for what may be done by anybody. A wrong token refuses everything
    in either case.

    With `log`, a row about each admitted request is sent after its answer, from another thread. Call
    `close` at the end of the process, so that the last ones are sent as well.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        environment: Environment | None = None,
        key_type: KeyType | None = None,
        on_failure: Literal["refuse", "admit"] = "refuse",
        log: bool = True,
        timeout: float = 2.0,
        retries: Retries | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        retries = retries or Retries(tries=2, first=0.1, patience=0.5)
        self._latchhook = Latchhook(
            url, token, timeout=timeout, retries=retries, transport=transport
        )
        self._environment = environment
        self._key_type = key_type
        self._on_failure = on_failure
        self.logs = (
            RequestLogs(Latchhook(url, token, timeout=5.0, transport=transport)) if log else None
        )

    def admit(self, incoming: Incoming, *scopes: str) -> Admission | Refusal:
        """Asks whether the key of a request is good, and has all of the `scopes`."""
        key = key_of(incoming.authorization)
        if key is None:
            return Refusal(401, "missing_key")
        arrived = datetime.datetime.now(datetime.UTC)
        started = time.monotonic()
        try:
            verification, was_logged = self._verify(key, scopes, incoming)
        except LatchhookError as error:
            return self._failed(error)
        if not verification.valid:
            return Refusal(_STATUS.get(verification.code, 401), verification.code)
        caller = _caller(verification)

        def answered(status: int) -> None:
            if self.logs and not was_logged:
                spent = round((time.monotonic() - started) * 1000)
                self.logs.add(caller.account_id, _row(caller, incoming, status, arrived, spent))

        return Admission(caller, answered)

    def close(self) -> None:
        """Sends the rows that wait, and ends the thread that sends them."""
        if self.logs:
            self.logs.close()

    def _verify(
        self, key: str, scopes: Sequence[str], incoming: Incoming
    ) -> tuple[Verification, bool]:
        """Verifies a key; says also whether Latchhook has logged the request already."""
        question = VerifyApiKey(
            key=key,
            scopes=list(scopes) or UNSET,
            environment=self._environment or UNSET,
            type_=self._key_type or UNSET,
        )
        verification = post_api_keys_verify.sync(client=self._latchhook, body=question)
        ip = _address(incoming.ip)
        if verification.code != "ip_not_allowed" or ip is None:
            return verification, False
        # Only a key with networks of its own needs the address, and Latchhook logs a request that it
        # is told of. Telling it always would be a second row for every request.
        question.request = RequestDescription(
            method=incoming.method[:16],
            path=incoming.path[:1024],
            ip=ip,
            user_agent=(incoming.user_agent or "")[:1024] or UNSET,
        )
        return post_api_keys_verify.sync(client=self._latchhook, body=question), True

    def _failed(self, error: LatchhookError) -> Admission | Refusal:
        if isinstance(error, ApiError) and error.param == "key":
            return Refusal(401, "not_found")
        away = isinstance(error, UnreachableError) or (
            isinstance(error, ApiError) and (error.status >= 500 or error.status == 429)
        )
        if away and self._on_failure == "admit":
            return Admission(None, lambda _: None)
        return Refusal(503, "unavailable")


def key_of(authorization: str | None) -> str | None:
    """Returns the key of an `Authorization`: a Bearer token, or the user name of Basic."""
    scheme, _, value = (authorization or "").partition(" ")
    value = value.strip()
    if scheme.lower() == "bearer":
        return value or None
    if scheme.lower() != "basic":
        return None
    try:
        name, _, _ = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return name or None


def _caller(verification: Verification) -> Caller:
    scopes, metadata = verification.scopes, verification.metadata
    assert verification.account_id and verification.key_id
    assert verification.environment and verification.type_
    return Caller(
        account_id=verification.account_id,
        account_external_id=verification.account_external_id,
        key_id=verification.key_id,
        environment=verification.environment,
        type=verification.type_,
        name=verification.name,
        scopes=None if scopes is None else frozenset(scopes),
        metadata=metadata.to_dict() if metadata else {},
    )


def _row(
    caller: Caller, incoming: Incoming, status: int, arrived: datetime.datetime, spent: int
) -> ReportedRequest:
    return ReportedRequest(
        api_key_id=caller.key_id,
        environment=caller.environment,
        method=incoming.method[:16],
        path=incoming.path[:1024],
        status=status,
        duration_ms=spent,
        ip=_address(incoming.ip),
        user_agent=(incoming.user_agent or "")[:1024] or None,
        created_at=arrived,
    )


def _address(text: str | None) -> str | None:
    try:
        return str(ipaddress.ip_address(text or ""))
    except ValueError:
        return None
