from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.failing import Failing
    from ..models.most_failing import MostFailing
    from ..models.slow import Slow


T = TypeVar("T", bound="DeliveryHealth")


@_attrs_define
class DeliveryHealth:
    """Health of deliveries."""

    failing: list[Failing]
    """ Enabled webhooks whose every delivery fails, longest first; 25 at most. """
    most_failing: list[MostFailing]
    """ Webhooks with the most failed first attempts in this hour and the 23 before it, of those with
    one among about the newest 250 over all accounts; 25 at most. The first attempt of an event's
    delivery counts, not a retry, resend, recovery or ping. Counted every five seconds if there are
    more than 50. """
    object_: str
    """ Type of this object. """
    slowest: list[Slow]
    """ Webhooks of about the newest 250 first attempts, over all accounts, that took a second or more, by
    the slowest of these; 25 at most. One that was slower before these is not among them. Ranked every
    five seconds if there are more than 50. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        failing = []
        for failing_item_data in self.failing:
            failing_item = failing_item_data.to_dict()
            failing.append(failing_item)

        most_failing = []
        for most_failing_item_data in self.most_failing:
            most_failing_item = most_failing_item_data.to_dict()
            most_failing.append(most_failing_item)

        object_ = self.object_

        slowest = []
        for slowest_item_data in self.slowest:
            slowest_item = slowest_item_data.to_dict()
            slowest.append(slowest_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "failing": failing,
                "most_failing": most_failing,
                "object": object_,
                "slowest": slowest,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.failing import Failing
        from ..models.most_failing import MostFailing
        from ..models.slow import Slow

        d = dict(src_dict)
        failing = []
        _failing = d.pop("failing")
        for failing_item_data in _failing:
            failing_item = Failing.from_dict(failing_item_data)

            failing.append(failing_item)

        most_failing = []
        _most_failing = d.pop("most_failing")
        for most_failing_item_data in _most_failing:
            most_failing_item = MostFailing.from_dict(most_failing_item_data)

            most_failing.append(most_failing_item)

        object_ = d.pop("object")

        slowest = []
        _slowest = d.pop("slowest")
        for slowest_item_data in _slowest:
            slowest_item = Slow.from_dict(slowest_item_data)

            slowest.append(slowest_item)

        delivery_health = cls(
            failing=failing,
            most_failing=most_failing,
            object_=object_,
            slowest=slowest,
        )

        delivery_health.additional_properties = d
        return delivery_health

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
