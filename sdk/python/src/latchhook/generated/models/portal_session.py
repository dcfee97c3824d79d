from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="PortalSession")


@_attrs_define
class PortalSession:
    """A portal session."""

    expires_at: datetime.datetime
    """ Instant at which it stops working; `null` for never. """
    id: str
    """ Its identifier; sorts by creation. """
    object_: str
    """ Type of this object. """
    token: str
    """ Bearer token of the session. """
    url: str
    """ Link that opens the dashboard, where the person confirms to sign in, within 10 minutes.
    Opening the link changes nothing by itself, so a mail scanner may. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        expires_at = self.expires_at.isoformat()

        id = self.id

        object_ = self.object_

        token = self.token

        url = self.url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "expires_at": expires_at,
                "id": id,
                "object": object_,
                "token": token,
                "url": url,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        expires_at = datetime.datetime.fromisoformat(d.pop("expires_at"))

        id = d.pop("id")

        object_ = d.pop("object")

        token = d.pop("token")

        url = d.pop("url")

        portal_session = cls(
            expires_at=expires_at,
            id=id,
            object_=object_,
            token=token,
            url=url,
        )

        portal_session.additional_properties = d
        return portal_session

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
