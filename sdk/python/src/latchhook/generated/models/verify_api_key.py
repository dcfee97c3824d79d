from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..models.environment import Environment, check_environment
from ..models.key_type import KeyType, check_key_type
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.request_description import RequestDescription


T = TypeVar("T", bound="VerifyApiKey")


@_attrs_define
class VerifyApiKey:
    """Request to verify a key.

    Example:
        {'environment': 'test', 'key': 'lh_sk_test_2Hn8…', 'request': {'method': 'GET', 'path': '/v1/reports', 'status':
            200}, 'scopes': ['reports:read']}

    """

    key: str
    """ Key, as the caller of your API sent it. """
    environment: Environment | None | Unset = UNSET
    request: None | RequestDescription | Unset = UNSET
    scopes: list[str] | None | Unset = UNSET
    """ Scopes that the key has to have, all of them. """
    type_: KeyType | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.request_description import RequestDescription

        key = self.key

        environment: None | str | Unset
        if isinstance(self.environment, Unset):
            environment = UNSET
        elif isinstance(self.environment, str):
            environment = self.environment
        else:
            environment = self.environment

        request: dict[str, Any] | None | Unset
        if isinstance(self.request, Unset):
            request = UNSET
        elif isinstance(self.request, RequestDescription):
            request = self.request.to_dict()
        else:
            request = self.request

        scopes: list[str] | None | Unset
        if isinstance(self.scopes, Unset):
            scopes = UNSET
        elif isinstance(self.scopes, list):
            scopes = self.scopes

        else:
            scopes = self.scopes

        type_: None | str | Unset
        if isinstance(self.type_, Unset):
            type_ = UNSET
        elif isinstance(self.type_, str):
            type_ = self.type_
        else:
            type_ = self.type_

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "key": key,
            }
        )
        if environment is not UNSET:
            field_dict["environment"] = environment
        if request is not UNSET:
            field_dict["request"] = request
        if scopes is not UNSET:
            field_dict["scopes"] = scopes
        if type_ is not UNSET:
            field_dict["type"] = type_

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.request_description import RequestDescription

        d = dict(src_dict)
        key = d.pop("key")

        def _parse_environment(data: object) -> Environment | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                environment_type_0 = check_environment(data)

                return environment_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Environment | None | Unset, data)

        environment = _parse_environment(d.pop("environment", UNSET))

        def _parse_request(data: object) -> None | RequestDescription | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                request_type_0 = RequestDescription.from_dict(data)

                return request_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | RequestDescription | Unset, data)

        request = _parse_request(d.pop("request", UNSET))

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

        def _parse_type_(data: object) -> KeyType | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                type_type_0 = check_key_type(data)

                return type_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(KeyType | None | Unset, data)

        type_ = _parse_type_(d.pop("type", UNSET))

        verify_api_key = cls(
            key=key,
            environment=environment,
            request=request,
            scopes=scopes,
            type_=type_,
        )

        return verify_api_key
