from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..models.environment import Environment, check_environment
from ..models.key_type import KeyType, check_key_type
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.create_api_key_metadata_type_0 import CreateApiKeyMetadataType0
    from ..models.rate_limit import RateLimit


T = TypeVar("T", bound="CreateApiKey")


@_attrs_define
class CreateApiKey:
    """A new API key.

    Example:
        {'environment': 'test', 'name': 'CI', 'type': 'secret'}

    """

    environment: Environment
    """ Environment of an account, test or live. """
    type_: KeyType
    """ Type of an API key: secret, for servers, or publishable, which only proves its identity. """
    allowed_networks: list[str] | None | Unset = UNSET
    """ Networks from which it may be used; by default all. """
    expires_at: datetime.datetime | None | Unset = UNSET
    """ Instant at which the key stops working. """
    metadata: CreateApiKeyMetadataType0 | None | Unset = UNSET
    """ Pairs of your own. For the operator alone. """
    name: None | str | Unset = UNSET
    """ Display name. """
    rate_limit: None | RateLimit | Unset = UNSET
    scopes: list[str] | None | Unset = UNSET
    """ Scopes of the key; by default everything. """

    def to_dict(self) -> dict[str, Any]:
        from ..models.create_api_key_metadata_type_0 import CreateApiKeyMetadataType0
        from ..models.rate_limit import RateLimit

        environment: str = self.environment

        type_: str = self.type_

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

        metadata: dict[str, Any] | None | Unset
        if isinstance(self.metadata, Unset):
            metadata = UNSET
        elif isinstance(self.metadata, CreateApiKeyMetadataType0):
            metadata = self.metadata.to_dict()
        else:
            metadata = self.metadata

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

        scopes: list[str] | None | Unset
        if isinstance(self.scopes, Unset):
            scopes = UNSET
        elif isinstance(self.scopes, list):
            scopes = self.scopes

        else:
            scopes = self.scopes

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "environment": environment,
                "type": type_,
            }
        )
        if allowed_networks is not UNSET:
            field_dict["allowed_networks"] = allowed_networks
        if expires_at is not UNSET:
            field_dict["expires_at"] = expires_at
        if metadata is not UNSET:
            field_dict["metadata"] = metadata
        if name is not UNSET:
            field_dict["name"] = name
        if rate_limit is not UNSET:
            field_dict["rate_limit"] = rate_limit
        if scopes is not UNSET:
            field_dict["scopes"] = scopes

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.create_api_key_metadata_type_0 import CreateApiKeyMetadataType0
        from ..models.rate_limit import RateLimit

        d = dict(src_dict)
        environment = check_environment(d.pop("environment"))

        type_ = check_key_type(d.pop("type"))

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

        def _parse_metadata(data: object) -> CreateApiKeyMetadataType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                metadata_type_0 = CreateApiKeyMetadataType0.from_dict(data)

                return metadata_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(CreateApiKeyMetadataType0 | None | Unset, data)

        metadata = _parse_metadata(d.pop("metadata", UNSET))

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

        create_api_key = cls(
            environment=environment,
            type_=type_,
            allowed_networks=allowed_networks,
            expires_at=expires_at,
            metadata=metadata,
            name=name,
            rate_limit=rate_limit,
            scopes=scopes,
        )

        return create_api_key
