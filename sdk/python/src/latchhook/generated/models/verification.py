from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.environment import Environment, check_environment
from ..models.key_type import KeyType, check_key_type

if TYPE_CHECKING:
    from ..models.rate_limit_left import RateLimitLeft
    from ..models.verification_metadata_type_0 import VerificationMetadataType0


T = TypeVar("T", bound="Verification")


@_attrs_define
class Verification:
    """Result of a verification. All fields but `code` and `missing_scopes` are filled only for a valid
    key.

    """

    account_external_id: None | str
    """ The account's identifier in the operator's own system. """
    account_id: None | str
    """ The account that it belongs to. """
    code: str
    """ `valid`, `not_found`, `expired`, `wrong_environment`, `wrong_type`,
    `account_not_credentialed`, `account_closed`, `ip_not_allowed`, `insufficient_scope` or
    `rate_limited`. """
    environment: Environment | None
    """ The environment that it belongs to. """
    expires_at: datetime.datetime | None
    """ Instant at which it stops working; `null` for never. """
    key_id: None | str
    """ The key's identifier. """
    metadata: None | VerificationMetadataType0
    """ Pairs of your own. """
    missing_scopes: list[str] | None
    """ Scopes that the key lacks, with `insufficient_scope`. """
    name: None | str
    """ Display name of the key. """
    object_: str
    """ Type of this object. """
    rate_limit: None | RateLimitLeft
    scopes: list[str] | None
    """ Scopes of the key; `null` for everything. """
    type_: KeyType | None
    """ Its type. """
    valid: bool
    """ True if the key may be used as asked. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.rate_limit_left import RateLimitLeft
        from ..models.verification_metadata_type_0 import VerificationMetadataType0

        account_external_id: None | str
        account_external_id = self.account_external_id

        account_id: None | str
        account_id = self.account_id

        code = self.code

        environment: None | str
        if isinstance(self.environment, str):
            environment = self.environment
        else:
            environment = self.environment

        expires_at: None | str
        if isinstance(self.expires_at, datetime.datetime):
            expires_at = self.expires_at.isoformat()
        else:
            expires_at = self.expires_at

        key_id: None | str
        key_id = self.key_id

        metadata: dict[str, Any] | None
        if isinstance(self.metadata, VerificationMetadataType0):
            metadata = self.metadata.to_dict()
        else:
            metadata = self.metadata

        missing_scopes: list[str] | None
        if isinstance(self.missing_scopes, list):
            missing_scopes = self.missing_scopes

        else:
            missing_scopes = self.missing_scopes

        name: None | str
        name = self.name

        object_ = self.object_

        rate_limit: dict[str, Any] | None
        if isinstance(self.rate_limit, RateLimitLeft):
            rate_limit = self.rate_limit.to_dict()
        else:
            rate_limit = self.rate_limit

        scopes: list[str] | None
        if isinstance(self.scopes, list):
            scopes = self.scopes

        else:
            scopes = self.scopes

        type_: None | str
        if isinstance(self.type_, str):
            type_ = self.type_
        else:
            type_ = self.type_

        valid = self.valid

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "account_external_id": account_external_id,
                "account_id": account_id,
                "code": code,
                "environment": environment,
                "expires_at": expires_at,
                "key_id": key_id,
                "metadata": metadata,
                "missing_scopes": missing_scopes,
                "name": name,
                "object": object_,
                "rate_limit": rate_limit,
                "scopes": scopes,
                "type": type_,
                "valid": valid,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.rate_limit_left import RateLimitLeft
        from ..models.verification_metadata_type_0 import VerificationMetadataType0

        d = dict(src_dict)

        def _parse_account_external_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        account_external_id = _parse_account_external_id(d.pop("account_external_id"))

        def _parse_account_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        account_id = _parse_account_id(d.pop("account_id"))

        code = d.pop("code")

        def _parse_environment(data: object) -> Environment | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                environment_type_0 = check_environment(data)

                return environment_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Environment | None, data)

        environment = _parse_environment(d.pop("environment"))

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

        def _parse_key_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        key_id = _parse_key_id(d.pop("key_id"))

        def _parse_metadata(data: object) -> None | VerificationMetadataType0:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                metadata_type_0 = VerificationMetadataType0.from_dict(data)

                return metadata_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | VerificationMetadataType0, data)

        metadata = _parse_metadata(d.pop("metadata"))

        def _parse_missing_scopes(data: object) -> list[str] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                missing_scopes_type_0 = cast(list[str], data)

                return missing_scopes_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None, data)

        missing_scopes = _parse_missing_scopes(d.pop("missing_scopes"))

        def _parse_name(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        name = _parse_name(d.pop("name"))

        object_ = d.pop("object")

        def _parse_rate_limit(data: object) -> None | RateLimitLeft:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                rate_limit_type_0 = RateLimitLeft.from_dict(data)

                return rate_limit_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | RateLimitLeft, data)

        rate_limit = _parse_rate_limit(d.pop("rate_limit"))

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

        def _parse_type_(data: object) -> KeyType | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                type_type_0 = check_key_type(data)

                return type_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(KeyType | None, data)

        type_ = _parse_type_(d.pop("type"))

        valid = d.pop("valid")

        verification = cls(
            account_external_id=account_external_id,
            account_id=account_id,
            code=code,
            environment=environment,
            expires_at=expires_at,
            key_id=key_id,
            metadata=metadata,
            missing_scopes=missing_scopes,
            name=name,
            object_=object_,
            rate_limit=rate_limit,
            scopes=scopes,
            type_=type_,
            valid=valid,
        )

        verification.additional_properties = d
        return verification

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
