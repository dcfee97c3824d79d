from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="WebhookSecret")


@_attrs_define
class WebhookSecret:
    """A webhook's signing secret."""

    id: str
    """ Its identifier; sorts by creation. """
    object_: str
    """ Type of this object. """
    previous_expires_at: datetime.datetime | Unset = UNSET
    """ Time until which the old secret signs as well; after a rotation only. """
    signing_secret: str | Unset = UNSET
    """ Signing secret, or the public key of `ed25519`; the answer to a repeat is without it once it was destroyed.
    """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        object_ = self.object_

        previous_expires_at: str | Unset = UNSET
        if not isinstance(self.previous_expires_at, Unset):
            previous_expires_at = self.previous_expires_at.isoformat()

        signing_secret = self.signing_secret

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "object": object_,
            }
        )
        if previous_expires_at is not UNSET:
            field_dict["previous_expires_at"] = previous_expires_at
        if signing_secret is not UNSET:
            field_dict["signing_secret"] = signing_secret

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        id = d.pop("id")

        object_ = d.pop("object")

        _previous_expires_at = d.pop("previous_expires_at", UNSET)
        previous_expires_at: datetime.datetime | Unset
        if isinstance(_previous_expires_at, Unset):
            previous_expires_at = UNSET
        else:
            previous_expires_at = datetime.datetime.fromisoformat(_previous_expires_at)

        signing_secret = d.pop("signing_secret", UNSET)

        webhook_secret = cls(
            id=id,
            object_=object_,
            previous_expires_at=previous_expires_at,
            signing_secret=signing_secret,
        )

        webhook_secret.additional_properties = d
        return webhook_secret

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
