from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.audit_actor import AuditActor
    from ..models.list_audit_event_data_item_data import ListAuditEventDataItemData


T = TypeVar("T", bound="ListAuditEventDataItem")


@_attrs_define
class ListAuditEventDataItem:
    """An event in the account's settings."""

    actor: AuditActor
    """ Actor behind an event. """
    created_at: datetime.datetime
    data: ListAuditEventDataItemData
    """ Content of the event; never a secret. """
    id: str
    object_: str
    subject: str
    """ The account, key or webhook that changed. """
    type_: str
    ip: None | str | Unset = UNSET
    request_id: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        actor = self.actor.to_dict()

        created_at = self.created_at.isoformat()

        data = self.data.to_dict()

        id = self.id

        object_ = self.object_

        subject = self.subject

        type_ = self.type_

        ip: None | str | Unset
        if isinstance(self.ip, Unset):
            ip = UNSET
        else:
            ip = self.ip

        request_id: None | str | Unset
        if isinstance(self.request_id, Unset):
            request_id = UNSET
        else:
            request_id = self.request_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "actor": actor,
                "created_at": created_at,
                "data": data,
                "id": id,
                "object": object_,
                "subject": subject,
                "type": type_,
            }
        )
        if ip is not UNSET:
            field_dict["ip"] = ip
        if request_id is not UNSET:
            field_dict["request_id"] = request_id

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.audit_actor import AuditActor
        from ..models.list_audit_event_data_item_data import ListAuditEventDataItemData

        d = dict(src_dict)
        actor = AuditActor.from_dict(d.pop("actor"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        data = ListAuditEventDataItemData.from_dict(d.pop("data"))

        id = d.pop("id")

        object_ = d.pop("object")

        subject = d.pop("subject")

        type_ = d.pop("type")

        def _parse_ip(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        ip = _parse_ip(d.pop("ip", UNSET))

        def _parse_request_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        request_id = _parse_request_id(d.pop("request_id", UNSET))

        list_audit_event_data_item = cls(
            actor=actor,
            created_at=created_at,
            data=data,
            id=id,
            object_=object_,
            subject=subject,
            type_=type_,
            ip=ip,
            request_id=request_id,
        )

        list_audit_event_data_item.additional_properties = d
        return list_audit_event_data_item

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
