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
    from ..models.api_key_metadata import ApiKeyMetadata
    from ..models.rate_limit import RateLimit


T = TypeVar("T", bound="ApiKey")


@_attrs_define
class ApiKey:
    """An API key; includes the key itself only if it is new or publishable."""

    account_id: str
    """ The account that it belongs to. """
    allowed_networks: list[str] | None
    """ Networks from which it may be used; `null` for all. """
    created_at: datetime.datetime
    """ Time of creation. """
    environment: Environment
    """ Environment of an account, test or live. """
    expires_at: datetime.datetime | None
    """ Instant at which the key stops working. """
    id: str
    """ Its identifier; sorts by creation. """
    imported: bool
    """ True if the key was made elsewhere. """
    last_used_at: datetime.datetime | None
    """ Time of the last use, to the minute. """
    metadata: ApiKeyMetadata
    """ Pairs of your own. """
    name: None | str
    """ Its name. """
    object_: str
    """ Type of this object. """
    rate_limit: None | RateLimit
    redacted: str
    """ The key in redacted form, as lists show it. """
    replaced_by: None | str
    """ Key that replaced this one when it was rolled. """
    revealable: bool
    """ True if the whole key can be shown; otherwise only its hash is known. """
    scopes: list[str] | None
    """ Scopes of the key; `null` for everything, an empty list for nothing. """
    status: KeyStatus
    """ Status of an API key. """
    type_: KeyType
    """ Type of an API key: secret, for servers, or publishable, which only proves its identity. """
    uri: str
    """ Its path in this API. """
    key: str | Unset = UNSET
    """ The whole key: only of a new key, or of a publishable one. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.rate_limit import RateLimit

        account_id = self.account_id

        allowed_networks: list[str] | None
        if isinstance(self.allowed_networks, list):
            allowed_networks = self.allowed_networks

        else:
            allowed_networks = self.allowed_networks

        created_at = self.created_at.isoformat()

        environment: str = self.environment

        expires_at: None | str
        if isinstance(self.expires_at, datetime.datetime):
            expires_at = self.expires_at.isoformat()
        else:
            expires_at = self.expires_at

        id = self.id

        imported = self.imported

        last_used_at: None | str
        if isinstance(self.last_used_at, datetime.datetime):
            last_used_at = self.last_used_at.isoformat()
        else:
            last_used_at = self.last_used_at

        metadata = self.metadata.to_dict()

        name: None | str
        name = self.name

        object_ = self.object_

        rate_limit: dict[str, Any] | None
        if isinstance(self.rate_limit, RateLimit):
            rate_limit = self.rate_limit.to_dict()
        else:
            rate_limit = self.rate_limit

        redacted = self.redacted

        replaced_by: None | str
        replaced_by = self.replaced_by

        revealable = self.revealable

        scopes: list[str] | None
        if isinstance(self.scopes, list):
            scopes = self.scopes

        else:
            scopes = self.scopes

        status: str = self.status

        type_: str = self.type_

        uri = self.uri

        key = self.key

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "account_id": account_id,
                "allowed_networks": allowed_networks,
                "created_at": created_at,
                "environment": environment,
                "expires_at": expires_at,
                "id": id,
                "imported": imported,
                "last_used_at": last_used_at,
                "metadata": metadata,
                "name": name,
                "object": object_,
                "rate_limit": rate_limit,
                "redacted": redacted,
                "replaced_by": replaced_by,
                "revealable": revealable,
                "scopes": scopes,
                "status": status,
                "type": type_,
                "uri": uri,
            }
        )
        if key is not UNSET:
            field_dict["key"] = key

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.api_key_metadata import ApiKeyMetadata
        from ..models.rate_limit import RateLimit

        d = dict(src_dict)
        account_id = d.pop("account_id")

        def _parse_allowed_networks(data: object) -> list[str] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                allowed_networks_type_0 = cast(list[str], data)

                return allowed_networks_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None, data)

        allowed_networks = _parse_allowed_networks(d.pop("allowed_networks"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        environment = check_environment(d.pop("environment"))

        def _parse_expires_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                expires_at_type_0 = datetime.datetime.fromisoformat(data)

                return expires_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        expires_at = _parse_expires_at(d.pop("expires_at"))

        id = d.pop("id")

        imported = d.pop("imported")

        def _parse_last_used_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                last_used_at_type_0 = datetime.datetime.fromisoformat(data)

                return last_used_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        last_used_at = _parse_last_used_at(d.pop("last_used_at"))

        metadata = ApiKeyMetadata.from_dict(d.pop("metadata"))

        def _parse_name(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        name = _parse_name(d.pop("name"))

        object_ = d.pop("object")

        def _parse_rate_limit(data: object) -> None | RateLimit:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                rate_limit_type_0 = RateLimit.from_dict(data)

                return rate_limit_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | RateLimit, data)

        rate_limit = _parse_rate_limit(d.pop("rate_limit"))

        redacted = d.pop("redacted")

        def _parse_replaced_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        replaced_by = _parse_replaced_by(d.pop("replaced_by"))

        revealable = d.pop("revealable")

        def _parse_scopes(data: object) -> list[str] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                scopes_type_0 = cast(list[str], data)

                return scopes_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None, data)

        scopes = _parse_scopes(d.pop("scopes"))

        status = check_key_status(d.pop("status"))

        type_ = check_key_type(d.pop("type"))

        uri = d.pop("uri")

        key = d.pop("key", UNSET)

        api_key = cls(
            account_id=account_id,
            allowed_networks=allowed_networks,
            created_at=created_at,
            environment=environment,
            expires_at=expires_at,
            id=id,
            imported=imported,
            last_used_at=last_used_at,
            metadata=metadata,
            name=name,
            object_=object_,
            rate_limit=rate_limit,
            redacted=redacted,
            replaced_by=replaced_by,
            revealable=revealable,
            scopes=scopes,
            status=status,
            type_=type_,
            uri=uri,
            key=key,
        )

        api_key.additional_properties = d
        return api_key

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
