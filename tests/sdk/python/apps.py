"""The same API behind FastAPI and behind Django, each on a free port."""

import contextlib
import threading
import wsgiref.simple_server
from typing import Annotated

import django
import uvicorn
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import JsonResponse
from django.urls import path
from fastapi import Depends, FastAPI
from fastapi.responses import JSONResponse

from latchhook import Caller, Gate
from latchhook.fastapi import protect

urlpatterns = []


def shown(caller):
    return {
        "account_id": caller.account_id,
        "key_id": caller.key_id,
        "name": caller.name,
        "plan": caller.metadata.get("plan"),
    }


@contextlib.contextmanager
def fastapi_app(url, token):
    app, gate = FastAPI(), Gate(url, token)
    key = protect(app, gate)
    Reader = Annotated[Caller, Depends(key("reports:read"))]

    @app.get("/reports")
    def reports(caller: Reader):
        return shown(caller)

    @app.get("/reports/missing")
    def missing(caller: Reader):
        return JSONResponse({}, 404)

    served = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    socket = served.config.bind_socket()
    thread = threading.Thread(target=served.run, kwargs={"sockets": [socket]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{socket.getsockname()[1]}"
    finally:
        served.should_exit = True
        thread.join()
        gate.close()


@contextlib.contextmanager
def django_app(url, token):
    given = {"url": url, "token": token}
    if settings.configured:
        settings.LATCHHOOK = given
    else:
        settings.configure(
            ALLOWED_HOSTS=["127.0.0.1"],
            LATCHHOOK=given,
            MIDDLEWARE=["latchhook.django.LatchhookMiddleware"],
            ROOT_URLCONF=__name__,
        )
        django.setup()
        from latchhook.django import needs

        @needs("reports:read")
        def reports(request):
            return JsonResponse(shown(request.latchhook))

        @needs("reports:read")
        def missing(request):
            return JsonResponse({}, status=404)

        urlpatterns.extend([path("reports", reports), path("reports/missing", missing)])
    served = wsgiref.simple_server.make_server(
        "127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet
    )
    threading.Thread(target=served.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{served.server_port}"
    finally:
        served.shutdown()
        served.server_close()


class Quiet(wsgiref.simple_server.WSGIRequestHandler):
    def log_message(self, *_):
        pass


APPS = {"fastapi": fastapi_app, "django": django_app}
