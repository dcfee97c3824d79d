"""A server that answers what a test says, and keeps what it was asked."""

import json

import httpx

from latchhook import Latchhook, Retries

KEY = "lh_sk_test_wellKnownOnlyToItsOwner"
VALID = {
    "object": "verification",
    "valid": True,
    "code": "valid",
    "account_id": "acct_1",
    "account_external_id": "cust_42",
    "key_id": "key_1",
    "environment": "test",
    "type": "secret",
    "expires_at": None,
    "name": "laptop",
    "scopes": ["reports:read"],
    "metadata": {"plan": "free"},
    "rate_limit": None,
    "missing_scopes": None,
}
ACCOUNT = {
    "id": "acct_1",
    "object": "account",
    "uri": "/v1/accounts/acct_1",
    "name": "Acme",
    "external_id": None,
    "credentialed": False,
    "credentialed_at": None,
    "webhook_quota": 2,
    "created_at": "2026-01-31T09:30:00.000Z",
    "closed_at": None,
}


def refused(code):
    """A verification of a key that is not good."""
    nothing = dict.fromkeys(VALID)
    return {**nothing, "object": "verification", "valid": False, "code": code}


def error(status, code, param=None, **headers):
    body = {"error": "No.", "code": code, "param": param, "request_id": "req_1"}
    return httpx.Response(status, json=body, headers=headers)


def ok(body, status=200):
    return httpx.Response(status, json=body)


class Server:
    """Answers each request with the next of `answers`; an exception is raised."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.requests = []
        self.transport = httpx.MockTransport(self._answer)

    def _answer(self, request):
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def bodies(self):
        return [json.loads(request.content) for request in self.requests]


def client(server, slept=None, **policy):
    """A client whose pauses are kept in `slept`, and not waited for."""
    slept = [] if slept is None else slept
    policy = {"sleep": slept.append, "jitter": lambda: 1.0, **policy}
    return Latchhook(
        "http://latchhook.test", "lhop_token", transport=server.transport, retries=Retries(**policy)
    )
