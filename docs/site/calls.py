"""Examples of the API: a call of every route, made to a server, with what it answered."""

import base64
import contextlib
import dataclasses
import http.server
import json
import shlex
import threading
import time
import urllib.error
import urllib.request

PATIENCE_SECONDS = 30
LINES = 12
WIDTH = 84
# Routes whose answer tells nothing here.
WITHOUT = {"get_openapi_json"}
RECEIVER = "hooks.acme.example"
REPORT = {"id": "rep_1", "object": "report", "status": "clear"}
EVENT = {"type": "report.completed", "environment": "test", "data": {"object": REPORT}}


@dataclasses.dataclass
class Example:
    """A call as a command, and the answer to it."""

    command: str
    answer: str
    language: str = "json"


class Receiver(http.server.BaseHTTPRequestHandler):
    """A receiver of deliveries, which refuses those to /down."""

    server_version = "receiver"
    sys_version = ""

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(503 if self.path == "/down" else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def receiving():
    receiver = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{receiver.server_port}"
    finally:
        receiver.shutdown()


class Session:
    """Calls to one server, in order; each is kept as the example of its route."""

    def __init__(self, server, receiver):
        self.server = server
        self.receiver = receiver
        self.account = None
        self.examples = {}

    def operator(self, name, method, path, body=None, account=True):
        shown = ['-H "Authorization: Bearer $LATCHHOOK_OPERATOR_TOKEN"']
        headers = {"Authorization": f"Bearer {self.server.token}"}
        if account and self.account:
            headers["Latchhook-Account"] = self.account
            shown.append('-H "Latchhook-Account: $LATCHHOOK_ACCOUNT"')
        return self.call(name, method, path, body, headers, shown)

    def key(self, name, method, path, body=None):
        basic = base64.b64encode(f"{self.secret_key}:".encode()).decode()
        headers = {"Authorization": f"Basic {basic}"}
        return self.call(name, method, path, body, headers, ['-u "$KEY:"'])

    def nobody(self, name, method, path, body=None):
        return self.call(name, method, path, body, {}, [])

    def call(self, name, method, path, body, headers, shown):
        data = None if body is None else json.dumps(body).encode()
        if data:
            headers = {**headers, "Content-Type": "application/json"}
        request = urllib.request.Request(self.server.url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as response:
                text = response.read().decode()
        except urllib.error.HTTPError as refused:
            raise SystemExit(f"the call of {name} was refused: {refused.read().decode()}") from None
        is_json = text.startswith("{")
        if name:
            answer = text.strip()
            if is_json:
                answer = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
            self.examples[name] = Example(
                self.masked(command(method, path, body, shown)),
                self.masked("\n".join(shortened(answer))),
                "json" if is_json else "text",
            )
        return json.loads(text) if is_json else text

    def masked(self, text):
        """Shows the receiver by a name, which this machine has none for."""
        return text.replace(self.receiver, RECEIVER)

    def until(self, path, holds):
        """Asks again until the answer is as it is expected."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not holds(answer := self.operator(None, "GET", path)):
            if time.monotonic() > deadline:
                raise SystemExit(f"{path} did not get as it should: {answer}")
            time.sleep(0.02)
        return answer


def command(method, path, body, shown):
    start = f'curl "$LATCHHOOK_URL{path}"'
    if method != ("GET" if body is None else "POST"):
        start = start.replace("curl", f"curl -X {method}")
    lines = [start, *shown]
    if body is not None:
        text = json.dumps(body)
        text = text if len(text) <= WIDTH else json.dumps(body, indent=2)
        lines += ["-H 'Content-Type: application/json'", f"-d {shlex.quote(text)}"]
    return " \\\n  ".join(lines)


def shortened(text):
    """Returns the lines; of what is no object, the first ones."""
    lines = text.splitlines()
    return lines if text.startswith("{") else [*lines[:LINES], *(["…"] if len(lines) > LINES else [])]


def record(server):
    """Calls every route of a fresh server. Returns the examples by operation."""
    with receiving() as receiver:
        session = Session(server, receiver)
        accounts_and_keys(session)
        webhooks_and_events(session)
        tokens_and_sessions(session)
        ends(session)
        return session.examples


def accounts_and_keys(session):
    operator = session.operator
    body = {"name": "Acme Inc.", "external_id": "cust_42"}
    account = operator("post_accounts", "POST", "/v1/accounts", body)["id"]
    session.account = account
    operator("get_accounts", "GET", "/v1/accounts?per_page=1", account=False)
    operator("get_accounts_id", "GET", f"/v1/accounts/{account}", account=False)
    change = {"credentialed": True, "webhook_quota": 10}
    operator("patch_accounts_id", "PATCH", f"/v1/accounts/{account}", change, account=False)
    operator("put_key_scopes_name", "PUT", "/v1/key_scopes/reports:read", {"description": "See reports"})
    operator("get_key_scopes", "GET", "/v1/key_scopes")
    made = {"type": "secret", "environment": "test", "name": "laptop", "scopes": ["reports:read"]}
    key = operator("post_api_keys", "POST", "/v1/api_keys", made)
    session.secret_key = key["key"]
    path = f"/v1/api_keys/{key['id']}"
    session.key("get_account", "GET", "/v1/account")
    known = {"key": "sk_test_51HxKp2Qm9", "type": "secret", "environment": "test", "name": "CI"}
    operator("post_api_keys_import", "POST", "/v1/api_keys/import", {"api_keys": [known]})
    request = {"method": "GET", "path": "/reports/rep_1", "ip": "203.0.113.7"}
    asked = {"key": key["key"], "environment": "test", "scopes": ["reports:read"], "request": request}
    operator("post_api_keys_verify", "POST", "/v1/api_keys/verify", asked, account=False)
    operator("get_api_keys", "GET", "/v1/api_keys?environment=test&per_page=1")
    operator("get_api_keys_id", "GET", path)
    operator("patch_api_keys_id", "PATCH", path, {"name": "Grace's laptop"})
    operator("post_api_keys_id_reveal", "POST", f"{path}/reveal")


def webhooks_and_events(session):
    operator = session.operator
    described = {
        "description": "A report is ready.",
        "schema": {"type": "object", "required": ["status"]},
    }
    operator("put_event_types_name", "PUT", "/v1/event_types/report.completed", described)
    operator("get_event_types", "GET", "/v1/event_types")
    made = {"webhook_url": f"http://{session.receiver}/hooks", "event_types": ["report.*"]}
    hook = session.key("post_webhooks", "POST", "/v1/webhooks", made)["id"]
    down = {"webhook_url": f"http://{session.receiver}/down", "environment": "test"}
    broken = operator(None, "POST", "/v1/webhooks", down)["id"]
    path = f"/v1/webhooks/{hook}"
    session.key("get_webhooks", "GET", "/v1/webhooks?per_page=1")
    session.key("get_webhooks_id", "GET", path)
    session.key("patch_webhooks_id", "PATCH", path, {"include_object": True})
    event = operator("post_events", "POST", "/v1/events", EVENT)["id"]
    batch = {"events": [{**EVENT, "idempotency_key": "report-rep_1-cleared"}]}
    operator("post_events_batch", "POST", "/v1/events/batch", batch)
    states = lambda it: {row["status"] for row in it["deliveries"]}  # noqa: E731
    session.until(f"/v1/events/{event}", lambda it: states(it) == {"delivered", "retrying"})
    session.key("get_events", "GET", "/v1/events?object_id=rep_1&per_page=1")
    session.key("get_events_id", "GET", f"/v1/events/{event}")
    advanced = f"/v1/events/{event}/advance"
    session.key("post_events_id_advance", "POST", advanced, {"webhook_id": broken})
    session.key("post_events_id_resend", "POST", f"/v1/events/{event}/resend", {"webhook_id": hook})
    session.key("post_webhooks_id_ping", "POST", f"{path}/ping", {})
    session.key("get_retry_schedule", "GET", "/v1/retry_schedule")
    session.key("get_webhooks_id_statement", "GET", f"{path}/statement")
    session.key("post_webhooks_id_rotate_secret", "POST", f"{path}/rotate_secret", {"overlap_seconds": 3600})
    session.key("post_webhooks_id_reveal_secret", "POST", f"{path}/reveal_secret")
    since = {"since": "2026-01-31T00:00:00.000Z"}
    session.key("post_webhooks_id_recover", "POST", f"{path}/recover", since)
    signed = {"webhook_url": f"http://{session.receiver}/signed", "environment": "test", "signing": "ed25519"}
    public = operator(None, "POST", "/v1/webhooks", signed)["id"]
    session.nobody("get_jwks_id", "GET", f"/jwks/{public}")
    row = session.key(
        "get_logs", "GET", f"/v1/logs?kind=webhook_delivery&webhook_id={hook}&per_page=1"
    )["data"][0]
    session.key("get_logs_id", "GET", f"/v1/logs/{row['id']}")
    session.key("get_delivery_stats", "GET", f"/v1/delivery_stats?webhook_id={hook}&buckets=1")
    operator("get_delivery_health", "GET", "/v1/delivery_health", account=False)
    session.key("get_audit_events", "GET", "/v1/audit_events?per_page=1")
    report = {"environment": "test", "method": "GET", "path": "/reports/rep_1", "status": 200}
    operator("post_request_logs", "POST", "/v1/request_logs", {"request_logs": [report]})
    operator("delete_events_id", "DELETE", f"/v1/events/{event}")
    session.key("delete_webhooks_id", "DELETE", path)


def tokens_and_sessions(session):
    operator = session.operator
    body = {"actor": {"id": "user_7", "name": "Grace Hopper"}, "capabilities": ["webhooks:read", "logs:read"]}
    opened = operator("post_portal_sessions", "POST", "/v1/portal_sessions", body)
    path = f"/v1/portal_sessions/{opened['id']}"
    code = {"code": opened["url"].rsplit("code=")[1]}
    session.nobody("post_portal_sessions_redeem", "POST", "/v1/portal_sessions/redeem", code)
    operator("get_portal_sessions", "GET", "/v1/portal_sessions")
    operator("get_portal_sessions_id", "GET", path)
    operator("delete_portal_sessions_id", "DELETE", path)
    session.account, account = None, session.account
    made = {"name": "gateway", "scopes": ["keys:verify"]}
    token = operator("post_operator_tokens", "POST", "/v1/operator_tokens", made)["id"]
    operator("get_operator_tokens", "GET", "/v1/operator_tokens")
    operator("get_operator_tokens_id", "GET", f"/v1/operator_tokens/{token}")
    operator("delete_operator_tokens_id", "DELETE", f"/v1/operator_tokens/{token}")
    made = {"webhook_url": f"http://{session.receiver}/ops", "event_types": ["webhook.*"]}
    hook = operator("post_operator_webhooks", "POST", "/v1/operator_webhooks", made)["id"]
    operator("get_operator_webhooks", "GET", "/v1/operator_webhooks")
    path = f"/v1/operator_webhooks/{hook}"
    operator("get_operator_webhooks_id", "GET", path)
    operator("patch_operator_webhooks_id", "PATCH", path, {"status": "disabled"})
    operator("delete_operator_webhooks_id", "DELETE", path)
    session.account = account
    for name in ("healthz", "readyz", "metrics"):
        session.nobody(f"get_{name}", "GET", f"/{name}")


def ends(session):
    operator = session.operator
    made = {"type": "secret", "environment": "test", "scopes": ["reports:read"]}
    path = f"/v1/api_keys/{operator(None, 'POST', '/v1/api_keys', made)['id']}"
    later = {"expires_at": "2099-01-31T09:30:00.000Z"}
    key = operator("post_api_keys_id_roll", "POST", f"{path}/roll", later)["id"]
    operator("post_api_keys_id_expire", "POST", f"/v1/api_keys/{key}/expire", {})
    operator("delete_event_types_name", "DELETE", "/v1/event_types/report.completed", account=False)
    operator("delete_key_scopes_name", "DELETE", "/v1/key_scopes/reports:read", account=False)
    operator("delete_accounts_id", "DELETE", f"/v1/accounts/{session.account}", account=False)
