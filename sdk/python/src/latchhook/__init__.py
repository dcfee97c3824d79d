"""Client of Latchhook, and what an API needs to ask it about its callers.

The functions in `latchhook.generated.api` are the routes, one module each; they take a `Latchhook` as
`client`. Everything else is in this package: errors, retries, iterators over pages, verification of
deliveries, and a `Gate` with middleware in `latchhook.fastapi` and `latchhook.django`.
"""

from .client import Latchhook
from .deliveries import InvalidDelivery, verify_delivery
from .errors import ApiError, LatchhookError, UnreachableError
from .gate import Caller, Gate, Incoming, Refusal
from .pages import iterate, iterate_async
from .retries import Retries

__all__ = [
    "ApiError",
    "Caller",
    "Gate",
    "Incoming",
    "InvalidDelivery",
    "Latchhook",
    "LatchhookError",
    "Refusal",
    "Retries",
    "UnreachableError",
    "iterate",
    "iterate_async",
    "verify_delivery",
]
