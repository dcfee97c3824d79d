"""Requests that the fuzzer must not make: to other machines, closing its own account, repeats, or saying nothing."""

import itertools
import os
from urllib.parse import urlsplit

import schemathesis

FUZZED = os.environ["LATCHHOOK_FUZZED_ACCOUNT"]
SPARE = os.environ["LATCHHOOK_SPARE_ACCOUNT"]
CALLS = itertools.count()


@schemathesis.hook
def before_call(context, case, kwargs):
    body = case.body if isinstance(case.body, dict) else {}
    url = body.get("webhook_url")
    if isinstance(url, str):
        body["webhook_url"] = unreachable(url)
    # A repeat is answered as the first call was, and what that made may have been deleted since.
    key = (case.headers or {}).get("Idempotency-Key")
    if isinstance(key, str) and 0 < len(key) < 200:
        case.headers["Idempotency-Key"] = f"{key}-{next(CALLS)}"
    # A closed or uncredentialed account would answer everything that follows with one 403.
    if case.path_parameters and FUZZED in case.path_parameters.values():
        for name, value in case.path_parameters.items():
            case.path_parameters[name] = SPARE if value == FUZZED else value


@schemathesis.hook
def filter_case(context, case):
    """Leaves out forms with an empty object or list: it is not sent, and what is sent may be valid."""
    is_form = case.media_type == "application/x-www-form-urlencoded"
    return not (is_form and has_nothing(case.body))


def has_nothing(value):
    """Returns whether there is an empty object or list in a value."""
    if not isinstance(value, (dict, list)):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return not value or any(map(has_nothing, inner))


def unreachable(url):
    """Replaces the host of a URL by one that never resolves."""
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return url
    if not url.startswith("http") or not host or "." not in host:
        return url
    return url.replace(host, "receiver.invalid", 1)
