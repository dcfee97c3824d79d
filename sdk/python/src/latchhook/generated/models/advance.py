from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="Advance")


@_attrs_define
class Advance:
    """Request to make the next attempt now.

    Example:
        {'webhook_id': 'wh_01jgz2v6nv6e0w5dj3c5rqm8ta'}

    """

    webhook_id: str
    """ Webhook of the delivery whose next attempt it is. """

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

        advance = cls(
            webhook_id=webhook_id,
        )

        return advance
