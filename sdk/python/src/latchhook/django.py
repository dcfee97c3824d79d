"""Middleware for Django.

    MIDDLEWARE = [..., "latchhook.django.LatchhookMiddleware"]
    LATCHHOOK = {"url": "https://latchhook.internal", "token": os.environ["LATCHHOOK_TOKEN"]}

    @needs("reports:read")
    def reports(request): ...  # request.latchhook is the Caller

`LATCHHOOK` has the arguments of `Gate`. Every view needs a key, but for those that are `public`.
"""

import atexit
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from .gate import Gate, Incoming, Refusal

View = TypeVar("View", bound=Callable[..., Any])


def needs(*scopes: str) -> Callable[[View], View]:
    """Marks a view that needs a key with all of these scopes."""

    def marked(view: View) -> View:
        view.latchhook_scopes = scopes  # type: ignore[attr-defined]
        return view

    return marked


def public(view: View) -> View:
    """Marks a view that needs no key."""
    view.latchhook_scopes = None  # type: ignore[attr-defined]
    return view


class LatchhookMiddleware:
    """Admits requests to views by their key, and logs them once they are answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response
        self._gate = Gate(**settings.LATCHHOOK)
        atexit.register(self._gate.close)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        admission = getattr(request, "latchhook_admission", None)
        if admission:
            admission.answered(response.status_code)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], *_: Any
    ) -> HttpResponse | None:
        scopes = getattr(view, "latchhook_scopes", ())
        if scopes is None:
            return None
        admission = self._gate.admit(_incoming(request), *scopes)
        if isinstance(admission, Refusal):
            return JsonResponse(admission.body, status=admission.status, headers=admission.headers)
        request.latchhook = admission.caller
        request.latchhook_admission = admission
        return None


def _incoming(request: HttpRequest) -> Incoming:
    return Incoming(
        method=request.method,
        path=request.path,
        authorization=request.headers.get("Authorization"),
        ip=request.META.get("REMOTE_ADDR"),
        user_agent=request.headers.get("User-Agent"),
    )
