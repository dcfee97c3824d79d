from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="Bucket")


@_attrs_define
class Bucket:
    """A part of the period."""

    attempts: int
    """ Number of attempts that began in it. """
    failed: int
    """ Number of those that failed for the last time. """
    retrying: int
    """ Number of those that failed and were to be tried again. """
    since: datetime.datetime
    """ Start of the bucket. """
    succeeded: int
    """ Number of those that were acknowledged. """
    until: datetime.datetime
    """ End of the bucket, which is the start of the next one. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        attempts = self.attempts

        failed = self.failed

        retrying = self.retrying

        since = self.since.isoformat()

        succeeded = self.succeeded

        until = self.until.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "attempts": attempts,
                "failed": failed,
                "retrying": retrying,
                "since": since,
                "succeeded": succeeded,
                "until": until,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        attempts = d.pop("attempts")

        failed = d.pop("failed")

        retrying = d.pop("retrying")

        since = datetime.datetime.fromisoformat(d.pop("since"))

        succeeded = d.pop("succeeded")

        until = datetime.datetime.fromisoformat(d.pop("until"))

        bucket = cls(
            attempts=attempts,
            failed=failed,
            retrying=retrying,
            since=since,
            succeeded=succeeded,
            until=until,
        )

        bucket.additional_properties = d
        return bucket

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
