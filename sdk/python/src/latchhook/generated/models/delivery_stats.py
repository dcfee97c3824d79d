from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.bucket import Bucket
    from ..models.failing_own import FailingOwn
    from ..models.waiting import Waiting


T = TypeVar("T", bound="DeliveryStats")


@_attrs_define
class DeliveryStats:
    """Attempts over time."""

    buckets: list[Bucket]
    """ Buckets, oldest first. """
    failing: list[FailingOwn]
    """ Webhooks that are enabled and fail every delivery, of the newest 25. """
    object_: str
    """ Type of this object. """
    waiting: Waiting
    """ Deliveries that are waiting. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        buckets = []
        for buckets_item_data in self.buckets:
            buckets_item = buckets_item_data.to_dict()
            buckets.append(buckets_item)

        failing = []
        for failing_item_data in self.failing:
            failing_item = failing_item_data.to_dict()
            failing.append(failing_item)

        object_ = self.object_

        waiting = self.waiting.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "buckets": buckets,
                "failing": failing,
                "object": object_,
                "waiting": waiting,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.bucket import Bucket
        from ..models.failing_own import FailingOwn
        from ..models.waiting import Waiting

        d = dict(src_dict)
        buckets = []
        _buckets = d.pop("buckets")
        for buckets_item_data in _buckets:
            buckets_item = Bucket.from_dict(buckets_item_data)

            buckets.append(buckets_item)

        failing = []
        _failing = d.pop("failing")
        for failing_item_data in _failing:
            failing_item = FailingOwn.from_dict(failing_item_data)

            failing.append(failing_item)

        object_ = d.pop("object")

        waiting = Waiting.from_dict(d.pop("waiting"))

        delivery_stats = cls(
            buckets=buckets,
            failing=failing,
            object_=object_,
            waiting=waiting,
        )

        delivery_stats.additional_properties = d
        return delivery_stats

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
