"""Middleware and dependency for FastAPI.

gate = Gate("https://latchhook.internal", os.environ["LATCHHOOK_TOKEN"])
key = protect(app, gate)

@app.get("/reports")
def reports(caller: Annotated[Caller, Depends(key("reports:read"))]): ...
"""

from collections.abc import Callable

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .gate import Admission, Caller, Gate, Incoming, Refusal


class Refused(Exception):
    """Request that was not admitted; `protect` answers it."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


def protect(app: FastAPI, gate: Gate) -> Callable[..., Callable[[Request], Caller | None]]:
    """Prepares an application; returns what makes a dependency that needs a key with those scopes.

    The dependency is the `Caller`, which is in `request.state.latchhook` as well. It runs in FastAPI's
    pool of threads, so it holds up no other request.
    """

    @app.exception_handler(Refused)
    async def refused(_: Request, error: Refused) -> JSONResponse:
        refusal = error.refusal
        return JSONResponse(refusal.body, refusal.status, refusal.headers)

    app.add_middleware(_Answers)

    def key(*scopes: str) -> Callable[[Request], Caller | None]:
        def admitted(request: Request) -> Caller | None:
            admission = gate.admit(_incoming(request), *scopes)
            if isinstance(admission, Refusal):
                raise Refused(admission)
            request.state.latchhook = admission.caller
            request.state.latchhook_admission = admission
            return admission.caller

        return admitted

    return key


def _incoming(request: Request) -> Incoming:
    return Incoming(
        method=request.method,
        path=request.url.path,
        authorization=request.headers.get("Authorization"),
        ip=request.client.host if request.client else None,
        user_agent=request.headers.get("User-Agent"),
    )


class _Answers:
    """Tells the log of each admitted request, when its answer has been sent."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        status = 500

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        # This very object is the state of the request, however many routers copy the scope.
        state = scope.setdefault("state", {})
        try:
            await self._app(scope, receive, watched)
        finally:
            admission = state.get("latchhook_admission")
            if isinstance(admission, Admission):
                admission.answered(status)
