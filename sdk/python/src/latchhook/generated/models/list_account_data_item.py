from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="ListAccountDataItem")


@_attrs_define
class ListAccountDataItem:
    """An account: one customer of the operator."""

    created_at: datetime.datetime
    credentialed: bool
    """ True if live mode is open to the account. """
    id: str
    name: str
    object_: str
    uri: str
    webhook_quota: int
    """ Limit of webhooks in each environment. """
    closed_at: datetime.datetime | None | Unset = UNSET
    credentialed_at: datetime.datetime | None | Unset = UNSET
    external_id: None | str | Unset = UNSET
    """ Identifier in the operator's own system. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        created_at = self.created_at.isoformat()

        credentialed = self.credentialed

        id = self.id

        name = self.name

        object_ = self.object_

        uri = self.uri

        webhook_quota = self.webhook_quota

        closed_at: None | str | Unset
        if isinstance(self.closed_at, Unset):
            closed_at = UNSET
        elif isinstance(self.closed_at, datetime.datetime):
            closed_at = self.closed_at.isoformat()
        else:
            closed_at = self.closed_at

        credentialed_at: None | str | Unset
        if isinstance(self.credentialed_at, Unset):
            credentialed_at = UNSET
        elif isinstance(self.credentialed_at, datetime.datetime):
            credentialed_at = self.credentialed_at.isoformat()
        else:
            credentialed_at = self.credentialed_at

        external_id: None | str | Unset
        if isinstance(self.external_id, Unset):
            external_id = UNSET
        else:
            external_id = self.external_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "created_at": created_at,
                "credentialed": credentialed,
                "id": id,
                "name": name,
                "object": object_,
                "uri": uri,
                "webhook_quota": webhook_quota,
            }
        )
        if closed_at is not UNSET:
            field_dict["closed_at"] = closed_at
        if credentialed_at is not UNSET:
            field_dict["credentialed_at"] = credentialed_at
        if external_id is not UNSET:
            field_dict["external_id"] = external_id

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        credentialed = d.pop("credentialed")

        id = d.pop("id")

        name = d.pop("name")

        object_ = d.pop("object")

        uri = d.pop("uri")

        webhook_quota = d.pop("webhook_quota")

        def _parse_closed_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                closed_at_type_0 = datetime.datetime.fromisoformat(data)

                return closed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        closed_at = _parse_closed_at(d.pop("closed_at", UNSET))

        def _parse_credentialed_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                credentialed_at_type_0 = datetime.datetime.fromisoformat(data)

                return credentialed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        credentialed_at = _parse_credentialed_at(d.pop("credentialed_at", UNSET))

        def _parse_external_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        external_id = _parse_external_id(d.pop("external_id", UNSET))

        list_account_data_item = cls(
            created_at=created_at,
            credentialed=credentialed,
            id=id,
            name=name,
            object_=object_,
            uri=uri,
            webhook_quota=webhook_quota,
            closed_at=closed_at,
            credentialed_at=credentialed_at,
            external_id=external_id,
        )

        list_account_data_item.additional_properties = d
        return list_account_data_item

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
