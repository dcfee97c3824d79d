from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="Account")


@_attrs_define
class Account:
    """An account: one customer of the operator."""

    closed_at: datetime.datetime | None
    """ Time of closing; `null` while it is open. """
    created_at: datetime.datetime
    """ Time of creation. """
    credentialed: bool
    """ True if live mode is open to the account. """
    credentialed_at: datetime.datetime | None
    """ Time at which live mode was opened; `null` while it is closed. """
    external_id: None | str
    """ Identifier in the operator's own system. """
    id: str
    """ Its identifier; sorts by creation. """
    name: str
    """ Its name. """
    object_: str
    """ Type of this object. """
    uri: str
    """ Its path in this API. """
    webhook_quota: int
    """ Limit of webhooks in each environment. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        closed_at: None | str
        if isinstance(self.closed_at, datetime.datetime):
            closed_at = self.closed_at.isoformat()
        else:
            closed_at = self.closed_at

        created_at = self.created_at.isoformat()

        credentialed = self.credentialed

        credentialed_at: None | str
        if isinstance(self.credentialed_at, datetime.datetime):
            credentialed_at = self.credentialed_at.isoformat()
        else:
            credentialed_at = self.credentialed_at

        external_id: None | str
        external_id = self.external_id

        id = self.id

        name = self.name

        object_ = self.object_

        uri = self.uri

        webhook_quota = self.webhook_quota

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "closed_at": closed_at,
                "created_at": created_at,
                "credentialed": credentialed,
                "credentialed_at": credentialed_at,
                "external_id": external_id,
                "id": id,
                "name": name,
                "object": object_,
                "uri": uri,
                "webhook_quota": webhook_quota,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)

        def _parse_closed_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                closed_at_type_0 = datetime.datetime.fromisoformat(data)

                return closed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        closed_at = _parse_closed_at(d.pop("closed_at"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        credentialed = d.pop("credentialed")

        def _parse_credentialed_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                credentialed_at_type_0 = datetime.datetime.fromisoformat(data)

                return credentialed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        credentialed_at = _parse_credentialed_at(d.pop("credentialed_at"))

        def _parse_external_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        external_id = _parse_external_id(d.pop("external_id"))

        id = d.pop("id")

        name = d.pop("name")

        object_ = d.pop("object")

        uri = d.pop("uri")

        webhook_quota = d.pop("webhook_quota")

        account = cls(
            closed_at=closed_at,
            created_at=created_at,
            credentialed=credentialed,
            credentialed_at=credentialed_at,
            external_id=external_id,
            id=id,
            name=name,
            object_=object_,
            uri=uri,
            webhook_quota=webhook_quota,
        )

        account.additional_properties = d
        return account

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
