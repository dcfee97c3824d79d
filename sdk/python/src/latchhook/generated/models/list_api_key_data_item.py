from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.environment import Environment, check_environment
from ..models.key_status import KeyStatus, check_key_status
from ..models.key_type import KeyType, check_key_type
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.list_api_key_data_item_metadata import ListApiKeyDataItemMetadata
    from ..models.rate_limit import RateLimit


T = TypeVar("T", bound="ListApiKeyDataItem")


@_attrs_define
class ListApiKeyDataItem:
    """An API key; includes the key itself only if it is new or publishable."""

    account_id: str
    created_at: datetime.datetime
    environment: Environment
    """ Environment of an account, test or live. """
    id: str
    imported: bool
    """ True if the key was made elsewhere. """
    metadata: ListApiKeyDataItemMetadata
    """ Pairs of your own. """
    object_: str
    redacted: str
    """ The key in redacted form, as lists show it. """
    revealable: bool
    """ True if the whole key can be shown; otherwise only its hash is known. """
    status: KeyStatus
    """ Status of an API key. """
    type_: KeyType
    """ Type of an API key: secret, for servers, or publishable, which only proves its identity. """
    uri: str
    allowed_networks: list[str] | None | Unset = UNSET
    """ Networks from which it may be used; `null` for all. """
    expires_at: datetime.datetime | None | Unset = UNSET
    """ Instant at which the key stops working. """
    key: str | Unset = UNSET
    """ The whole key: only of a new key, or of a publishable one. """
    last_used_at: datetime.datetime | None | Unset = UNSET
    """ Time of the last use, to the minute. """
    name: None | str | Unset = UNSET
    rate_limit: None | RateLimit | Unset = UNSET
    replaced_by: None | str | Unset = UNSET
    """ Key that replaced this one when it was rolled. """
    scopes: list[str] | None | Unset = UNSET
    """ Scopes of the key; `null` for everything, an empty list for nothing. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.rate_limit import RateLimit

        account_id = self.account_id

        created_at = self.created_at.isoformat()

        environment: str = self.environment

        id = self.id

        imported = self.imported

        metadata = self.metadata.to_dict()

        object_ = self.object_

        redacted = self.redacted

        revealable = self.revealable

        status: str = self.status

        type_: str = self.type_

        uri = self.uri

        allowed_networks: list[str] | None | Unset
        if isinstance(self.allowed_networks, Unset):
            allowed_networks = UNSET
        elif isinstance(self.allowed_networks, list):
            allowed_networks = self.allowed_networks

        else:
            allowed_networks = self.allowed_networks

        expires_at: None | str | Unset
        if isinstance(self.expires_at, Unset):
            expires_at = UNSET
        elif isinstance(self.expires_at, datetime.datetime):
            expires_at = self.expires_at.isoformat()
        else:
            expires_at = self.expires_at

        key = self.key

        last_used_at: None | str | Unset
        if isinstance(self.last_used_at, Unset):
            last_used_at = UNSET
        elif isinstance(self.last_used_at, datetime.datetime):
            last_used_at = self.last_used_at.isoformat()
        else:
            last_used_at = self.last_used_at

        name: None | str | Unset
        if isinstance(self.name, Unset):
            name = UNSET
        else:
            name = self.name

        rate_limit: dict[str, Any] | None | Unset
        if isinstance(self.rate_limit, Unset):
            rate_limit = UNSET
        elif isinstance(self.rate_limit, RateLimit):
            rate_limit = self.rate_limit.to_dict()
        else:
            rate_limit = self.rate_limit

        replaced_by: None | str | Unset
        if isinstance(self.replaced_by, Unset):
            replaced_by = UNSET
        else:
            replaced_by = self.replaced_by

        scopes: list[str] | None | Unset
        if isinstance(self.scopes, Unset):
            scopes = UNSET
        elif isinstance(self.scopes, list):
            scopes = self.scopes

        else:
            scopes = self.scopes

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "account_id": account_id,
                "created_at": created_at,
                "environment": environment,
                "id": id,
                "imported": imported,
                "metadata": metadata,
                "object": object_,
                "redacted": redacted,
                "revealable": revealable,
                "status": status,
                "type": type_,
                "uri": uri,
            }
        )
        if allowed_networks is not UNSET:
            field_dict["allowed_networks"] = allowed_networks
        if expires_at is not UNSET:
            field_dict["expires_at"] = expires_at
        if key is not UNSET:
            field_dict["key"] = key
        if last_used_at is not UNSET:
            field_dict["last_used_at"] = last_used_at
        if name is not UNSET:
            field_dict["name"] = name
        if rate_limit is not UNSET:
            field_dict["rate_limit"] = rate_limit
        if replaced_by is not UNSET:
            field_dict["replaced_by"] = replaced_by
        if scopes is not UNSET:
            field_dict["scopes"] = scopes

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.list_api_key_data_item_metadata import ListApiKeyDataItemMetadata
        from ..models.rate_limit import RateLimit

        d = dict(src_dict)
        account_id = d.pop("account_id")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        environment = check_environment(d.pop("environment"))

        id = d.pop("id")

        imported = d.pop("imported")

        metadata = ListApiKeyDataItemMetadata.from_dict(d.pop("metadata"))

        object_ = d.pop("object")

        redacted = d.pop("redacted")

        revealable = d.pop("revealable")

        status = check_key_status(d.pop("status"))

        type_ = check_key_type(d.pop("type"))

        uri = d.pop("uri")

        def _parse_allowed_networks(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                allowed_networks_type_0 = cast(list[str], data)

                return allowed_networks_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        allowed_networks = _parse_allowed_networks(d.pop("allowed_networks", UNSET))

        def _parse_expires_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                expires_at_type_0 = datetime.datetime.fromisoformat(data)

                return expires_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        expires_at = _parse_expires_at(d.pop("expires_at", UNSET))

        key = d.pop("key", UNSET)

        def _parse_last_used_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                last_used_at_type_0 = datetime.datetime.fromisoformat(data)

                return last_used_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        last_used_at = _parse_last_used_at(d.pop("last_used_at", UNSET))

        def _parse_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        name = _parse_name(d.pop("name", UNSET))

        def _parse_rate_limit(data: object) -> None | RateLimit | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                rate_limit_type_0 = RateLimit.from_dict(data)

                return rate_limit_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | RateLimit | Unset, data)

        rate_limit = _parse_rate_limit(d.pop("rate_limit", UNSET))

        def _parse_replaced_by(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        replaced_by = _parse_replaced_by(d.pop("replaced_by", UNSET))

        def _parse_scopes(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                scopes_type_0 = cast(list[str], data)

                return scopes_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        scopes = _parse_scopes(d.pop("scopes", UNSET))

        list_api_key_data_item = cls(
            account_id=account_id,
            created_at=created_at,
            environment=environment,
            id=id,
            imported=imported,
            metadata=metadata,
            object_=object_,
            redacted=redacted,
            revealable=revealable,
            status=status,
            type_=type_,
            uri=uri,
            allowed_networks=allowed_networks,
            expires_at=expires_at,
            key=key,
            last_used_at=last_used_at,
            name=name,
            rate_limit=rate_limit,
            replaced_by=replaced_by,
            scopes=scopes,
        )

        list_api_key_data_item.additional_properties = d
        return list_api_key_data_item

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
