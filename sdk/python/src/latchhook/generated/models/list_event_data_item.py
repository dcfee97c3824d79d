from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.environment import Environment, check_environment
from ..models.jurisdiction import Jurisdiction, check_jurisdiction
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.delivery import Delivery
    from ..models.event_data import EventData


T = TypeVar("T", bound="ListEventDataItem")


@_attrs_define
class ListEventDataItem:
    """An event."""

    account_id: str
    created_at: datetime.datetime
    deliveries: list[Delivery]
    """ Deliveries, one for each webhook that subscribed. """
    environment: Environment
    """ Environment of an account, test or live. """
    id: str
    object_: str
    type_: str
    uri: str
    data: EventData | None | Unset = UNSET
    erased_at: datetime.datetime | Unset = UNSET
    """ Time at which the data was erased; absent of other events. """
    jurisdiction: Jurisdiction | Unset = UNSET
    """ Jurisdiction of an event's subject. `US`: United States, `CA`: Canada. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.event_data import EventData

        account_id = self.account_id

        created_at = self.created_at.isoformat()

        deliveries = []
        for deliveries_item_data in self.deliveries:
            deliveries_item = deliveries_item_data.to_dict()
            deliveries.append(deliveries_item)

        environment: str = self.environment

        id = self.id

        object_ = self.object_

        type_ = self.type_

        uri = self.uri

        data: dict[str, Any] | None | Unset
        if isinstance(self.data, Unset):
            data = UNSET
        elif isinstance(self.data, EventData):
            data = self.data.to_dict()
        else:
            data = self.data

        erased_at: str | Unset = UNSET
        if not isinstance(self.erased_at, Unset):
            erased_at = self.erased_at.isoformat()

        jurisdiction: str | Unset = UNSET
        if not isinstance(self.jurisdiction, Unset):
            jurisdiction = self.jurisdiction

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "account_id": account_id,
                "created_at": created_at,
                "deliveries": deliveries,
                "environment": environment,
                "id": id,
                "object": object_,
                "type": type_,
                "uri": uri,
            }
        )
        if data is not UNSET:
            field_dict["data"] = data
        if erased_at is not UNSET:
            field_dict["erased_at"] = erased_at
        if jurisdiction is not UNSET:
            field_dict["jurisdiction"] = jurisdiction

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.delivery import Delivery
        from ..models.event_data import EventData

        d = dict(src_dict)
        account_id = d.pop("account_id")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        deliveries = []
        _deliveries = d.pop("deliveries")
        for deliveries_item_data in _deliveries:
            deliveries_item = Delivery.from_dict(deliveries_item_data)

            deliveries.append(deliveries_item)

        environment = check_environment(d.pop("environment"))

        id = d.pop("id")

        object_ = d.pop("object")

        type_ = d.pop("type")

        uri = d.pop("uri")

        def _parse_data(data: object) -> EventData | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                data_type_0 = EventData.from_dict(data)

                return data_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(EventData | None | Unset, data)

        data = _parse_data(d.pop("data", UNSET))

        _erased_at = d.pop("erased_at", UNSET)
        erased_at: datetime.datetime | Unset
        if isinstance(_erased_at, Unset):
            erased_at = UNSET
        else:
            erased_at = datetime.datetime.fromisoformat(_erased_at)

        _jurisdiction = d.pop("jurisdiction", UNSET)
        jurisdiction: Jurisdiction | Unset
        if isinstance(_jurisdiction, Unset):
            jurisdiction = UNSET
        else:
            jurisdiction = check_jurisdiction(_jurisdiction)

        list_event_data_item = cls(
            account_id=account_id,
            created_at=created_at,
            deliveries=deliveries,
            environment=environment,
            id=id,
            object_=object_,
            type_=type_,
            uri=uri,
            data=data,
            erased_at=erased_at,
            jurisdiction=jurisdiction,
        )

        list_event_data_item.additional_properties = d
        return list_event_data_item

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
