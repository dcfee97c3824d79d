from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="Resend")


@_attrs_define
class Resend:
    """Request to send an event again.

    Example:
        {'webhook_id': 'wh_01jgz2v6nv6e0w5dj3c5rqm8ta'}

    """

    webhook_id: str
    """ Webhook to send it to; one that the event has a delivery for. """

    def to_dict(self) -> dict[str, Any]:
        webhook_id = self.webhook_id

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "webhook_id": webhook_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        webhook_id = d.pop("webhook_id")

        resend = cls(
            webhook_id=webhook_id,
        )

        return resend
