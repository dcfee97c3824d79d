from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.audit_actor import AuditActor
    from ..models.audit_event_data import AuditEventData


T = TypeVar("T", bound="AuditEvent")


@_attrs_define
class AuditEvent:
    """An event in the account's settings."""

    actor: AuditActor
    """ Actor behind an event. """
    created_at: datetime.datetime
    """ Time of creation. """
    data: AuditEventData
    """ Content of the event; never a secret. """
    id: str
    """ Its identifier; sorts by creation. """
    ip: None | str
    """ The caller's address. """
    object_: str
    """ Type of this object. """
    request_id: None | str
    """ The request's identifier, as in `X-Request-Id`. """
    subject: str
    """ The account, key or webhook that changed. """
    type_: str
    """ Its type. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        actor = self.actor.to_dict()

        created_at = self.created_at.isoformat()

        data = self.data.to_dict()

        id = self.id

        ip: None | str
        ip = self.ip

        object_ = self.object_

        request_id: None | str
        request_id = self.request_id

        subject = self.subject

        type_ = self.type_

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "actor": actor,
                "created_at": created_at,
                "data": data,
                "id": id,
                "ip": ip,
                "object": object_,
                "request_id": request_id,
                "subject": subject,
                "type": type_,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.audit_actor import AuditActor
        from ..models.audit_event_data import AuditEventData

        d = dict(src_dict)
        actor = AuditActor.from_dict(d.pop("actor"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        data = AuditEventData.from_dict(d.pop("data"))

        id = d.pop("id")

        def _parse_ip(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        ip = _parse_ip(d.pop("ip"))

        object_ = d.pop("object")

        def _parse_request_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        request_id = _parse_request_id(d.pop("request_id"))

        subject = d.pop("subject")

        type_ = d.pop("type")

        audit_event = cls(
            actor=actor,
            created_at=created_at,
            data=data,
            id=id,
            ip=ip,
            object_=object_,
            request_id=request_id,
            subject=subject,
            type_=type_,
        )

        audit_event.additional_properties = d
        return audit_event

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
