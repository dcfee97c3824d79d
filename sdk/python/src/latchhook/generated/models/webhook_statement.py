from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="WebhookStatement")


@_attrs_define
class WebhookStatement:
    """Statement of what was meant for a webhook."""

    cancelled: int
    """ Number of those that were cancelled: the webhook was disabled or deleted, or the event erased. """
    delivered: int
    """ Number of those that its receiver acknowledged. """
    digest: str
    """ `sha256:` and the SHA-256, in hexadecimal digits, of the events' identifiers in ascending order, each
    followed by a newline. """
    events: int
    """ Number of events that were accepted in the window and meant for the webhook. """
    exhausted: int
    """ Number of those that failed for as long as the schedule goes, and were given up. """
    object_: str
    """ Type of this object. """
    pending: int
    """ Number of those whose first attempt has not been made, or not been recorded. """
    retrying: int
    """ Number of those that failed and are tried again. """
    since: datetime.datetime
    """ Start of the window, itself included. """
    until: datetime.datetime
    """ End of the window, itself excluded. """
    webhook_id: str
    """ The webhook's identifier. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        cancelled = self.cancelled

        delivered = self.delivered

        digest = self.digest

        events = self.events

        exhausted = self.exhausted

        object_ = self.object_

        pending = self.pending

        retrying = self.retrying

        since = self.since.isoformat()

        until = self.until.isoformat()

        webhook_id = self.webhook_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "cancelled": cancelled,
                "delivered": delivered,
                "digest": digest,
                "events": events,
                "exhausted": exhausted,
                "object": object_,
                "pending": pending,
                "retrying": retrying,
                "since": since,
                "until": until,
                "webhook_id": webhook_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        cancelled = d.pop("cancelled")

        delivered = d.pop("delivered")

        digest = d.pop("digest")

        events = d.pop("events")

        exhausted = d.pop("exhausted")

        object_ = d.pop("object")

        pending = d.pop("pending")

        retrying = d.pop("retrying")

        since = datetime.datetime.fromisoformat(d.pop("since"))

        until = datetime.datetime.fromisoformat(d.pop("until"))

        webhook_id = d.pop("webhook_id")

        webhook_statement = cls(
            cancelled=cancelled,
            delivered=delivered,
            digest=digest,
            events=events,
            exhausted=exhausted,
            object_=object_,
            pending=pending,
            retrying=retrying,
            since=since,
            until=until,
            webhook_id=webhook_id,
        )

        webhook_statement.additional_properties = d
        return webhook_statement

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
