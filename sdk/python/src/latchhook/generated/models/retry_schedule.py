from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="RetrySchedule")


@_attrs_define
class RetrySchedule:
    """The retry schedule."""

    object_: str
    """ Type of this object. """
    offsets_ms: list[int]
    """ Delay of each retry after the first attempt, in milliseconds. """
    schedule: str
    """ Groups of steps, each written `COUNTxSTEP`. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        object_ = self.object_

        offsets_ms = self.offsets_ms

        schedule = self.schedule

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "object": object_,
                "offsets_ms": offsets_ms,
                "schedule": schedule,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        object_ = d.pop("object")

        offsets_ms = cast(list[int], d.pop("offsets_ms"))

        schedule = d.pop("schedule")

        retry_schedule = cls(
            object_=object_,
            offsets_ms=offsets_ms,
            schedule=schedule,
        )

        retry_schedule.additional_properties = d
        return retry_schedule

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
