from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.delivery_status import DeliveryStatus, check_delivery_status

T = TypeVar("T", bound="Recovery")


@_attrs_define
class Recovery:
    """Progress of a recovery that goes on after its answer."""

    asked_at: datetime.datetime
    """ Time at which it was asked for. """
    count: int
    """ Number of deliveries queued again so far. """
    ended_at: datetime.datetime | None
    """ Time at which it ended; `null` while it goes on. """
    include: list[DeliveryStatus]
    """ Statuses of the deliveries that it takes up. """
    reached_at: datetime.datetime | None
    """ Creation of the event that was looked at last; events are gone through from the oldest. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        asked_at = self.asked_at.isoformat()

        count = self.count

        ended_at: None | str
        if isinstance(self.ended_at, datetime.datetime):
            ended_at = self.ended_at.isoformat()
        else:
            ended_at = self.ended_at

        include = []
        for include_item_data in self.include:
            include_item: str = include_item_data
            include.append(include_item)

        reached_at: None | str
        if isinstance(self.reached_at, datetime.datetime):
            reached_at = self.reached_at.isoformat()
        else:
            reached_at = self.reached_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "asked_at": asked_at,
                "count": count,
                "ended_at": ended_at,
                "include": include,
                "reached_at": reached_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        asked_at = datetime.datetime.fromisoformat(d.pop("asked_at"))

        count = d.pop("count")

        def _parse_ended_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                ended_at_type_0 = datetime.datetime.fromisoformat(data)

                return ended_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        ended_at = _parse_ended_at(d.pop("ended_at"))

        include = []
        _include = d.pop("include")
        for include_item_data in _include:
            include_item = check_delivery_status(include_item_data)

            include.append(include_item)

        def _parse_reached_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                reached_at_type_0 = datetime.datetime.fromisoformat(data)

                return reached_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        reached_at = _parse_reached_at(d.pop("reached_at"))

        recovery = cls(
            asked_at=asked_at,
            count=count,
            ended_at=ended_at,
            include=include,
            reached_at=reached_at,
        )

        recovery.additional_properties = d
        return recovery

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
