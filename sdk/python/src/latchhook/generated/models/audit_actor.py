from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.portal_session_actor import PortalSessionActor


T = TypeVar("T", bound="AuditActor")


@_attrs_define
class AuditActor:
    """Actor behind an event."""

    id: None | str
    """ Identifier of the session, key, operator token or person; `null` for the root token. """
    type_: str
    """ `operator`, `portal_session`, `api_key` or `system`. """
    name: str | Unset = UNSET
    """ Name of the operator token or person. """
    person: PortalSessionActor | Unset = UNSET
    """ Person of a customer's. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id: None | str
        id = self.id

        type_ = self.type_

        name = self.name

        person: dict[str, Any] | Unset = UNSET
        if not isinstance(self.person, Unset):
            person = self.person.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "type": type_,
            }
        )
        if name is not UNSET:
            field_dict["name"] = name
        if person is not UNSET:
            field_dict["person"] = person

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.portal_session_actor import PortalSessionActor

        d = dict(src_dict)

        def _parse_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        id = _parse_id(d.pop("id"))

        type_ = d.pop("type")

        name = d.pop("name", UNSET)

        _person = d.pop("person", UNSET)
        person: PortalSessionActor | Unset
        if isinstance(_person, Unset):
            person = UNSET
        else:
            person = PortalSessionActor.from_dict(_person)

        audit_actor = cls(
            id=id,
            type_=type_,
            name=name,
            person=person,
        )

        audit_actor.additional_properties = d
        return audit_actor

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
