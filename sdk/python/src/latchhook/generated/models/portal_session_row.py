from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.capability import Capability, check_capability

if TYPE_CHECKING:
    from ..models.portal_session_actor import PortalSessionActor


T = TypeVar("T", bound="PortalSessionRow")


@_attrs_define
class PortalSessionRow:
    """A portal session as it is listed, until it expires."""

    account_id: str
    """ The account that it belongs to. """
    actor: None | PortalSessionActor
    capabilities: list[Capability]
    """ Everything that the session may do. """
    created_at: datetime.datetime
    """ Time of creation. """
    ended_at: datetime.datetime | None
    """ Time at which it was ended before it expired. """
    expires_at: datetime.datetime
    """ Instant at which it stops working; `null` for never. """
    id: str
    """ Its identifier; sorts by creation. """
    object_: str
    """ Type of this object. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.portal_session_actor import PortalSessionActor

        account_id = self.account_id

        actor: dict[str, Any] | None
        if isinstance(self.actor, PortalSessionActor):
            actor = self.actor.to_dict()
        else:
            actor = self.actor

        capabilities = []
        for capabilities_item_data in self.capabilities:
            capabilities_item: str = capabilities_item_data
            capabilities.append(capabilities_item)

        created_at = self.created_at.isoformat()

        ended_at: None | str
        if isinstance(self.ended_at, datetime.datetime):
            ended_at = self.ended_at.isoformat()
        else:
            ended_at = self.ended_at

        expires_at = self.expires_at.isoformat()

        id = self.id

        object_ = self.object_

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "account_id": account_id,
                "actor": actor,
                "capabilities": capabilities,
                "created_at": created_at,
                "ended_at": ended_at,
                "expires_at": expires_at,
                "id": id,
                "object": object_,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.portal_session_actor import PortalSessionActor

        d = dict(src_dict)
        account_id = d.pop("account_id")

        def _parse_actor(data: object) -> None | PortalSessionActor:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                actor_type_0 = PortalSessionActor.from_dict(data)

                return actor_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | PortalSessionActor, data)

        actor = _parse_actor(d.pop("actor"))

        capabilities = []
        _capabilities = d.pop("capabilities")
        for capabilities_item_data in _capabilities:
            capabilities_item = check_capability(capabilities_item_data)

            capabilities.append(capabilities_item)

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

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

        expires_at = datetime.datetime.fromisoformat(d.pop("expires_at"))

        id = d.pop("id")

        object_ = d.pop("object")

        portal_session_row = cls(
            account_id=account_id,
            actor=actor,
            capabilities=capabilities,
            created_at=created_at,
            ended_at=ended_at,
            expires_at=expires_at,
            id=id,
            object_=object_,
        )

        portal_session_row.additional_properties = d
        return portal_session_row

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
