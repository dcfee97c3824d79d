"""Verification of what a webhook receives."""

from collections.abc import Iterable, Mapping
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError


class InvalidDelivery(Exception):
    """Request that is not a delivery of this webhook, or is too old: answer 400 and forget it."""


def verify_delivery(
    body: bytes | str,
    headers: Mapping[str, str],
    secrets: str | Iterable[str],
    *,
    prefix: str = "webhook",
) -> Any:
    """Returns the JSON of a delivery whose signature is of one of the `secrets` (`whsec_…`).

    `body` is the request's, as it came. `prefix` is that of the server's setting
    `signature_headers`: `webhook`, `svix`, or your own. The Standard Webhooks library does the
    checking; a delivery that is more than five minutes off is refused.

    Raises `InvalidDelivery`.
    """
    given = {name.lower(): value for name, value in headers.items()}
    names = ("id", "timestamp", "signature")
    signed = {f"webhook-{name}": given.get(f"{prefix.lower()}-{name}", "") for name in names}
    keys = [Webhook(secret) for secret in ([secrets] if isinstance(secrets, str) else secrets)]
    why = "no secret was given"
    for key in keys:
        try:
            return key.verify(body, signed)
        except WebhookVerificationError as error:
            why = str(error)
        except ValueError:
            why = "the signature or the body cannot be read"
    raise InvalidDelivery(why)
