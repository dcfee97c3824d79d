from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.operator_scope import OperatorScope, check_operator_scope
from ..models.operator_token_status import (
    OperatorTokenStatus,
    check_operator_token_status,
)
from ..types import UNSET, Unset

T = TypeVar("T", bound="OperatorToken")


@_attrs_define
class OperatorToken:
    """An operator token; includes the token itself only if it is new."""

    created_at: datetime.datetime
    """ Time of creation. """
    ended_at: datetime.datetime | None
    """ Time at which somebody ended the token. """
    expires_at: datetime.datetime | None
    """ Instant at which the token stops working by itself. """
    id: str
    """ Its identifier; sorts by creation. """
    last_used_at: datetime.datetime | None
    """ Time of the last use, to the minute. """
    name: str
    """ Its name. """
    object_: str
    """ Type of this object. """
    scopes: list[OperatorScope]
    """ Scopes of the routes that the token may call. """
    status: OperatorTokenStatus
    """ Status of an operator token. """
    uri: str
    """ Its path in this API. """
    token: str | Unset = UNSET
    """ The token itself: only of a new one, and kept nowhere. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        created_at = self.created_at.isoformat()

        ended_at: None | str
        if isinstance(self.ended_at, datetime.datetime):
            ended_at = self.ended_at.isoformat()
        else:
            ended_at = self.ended_at

        expires_at: None | str
        if isinstance(self.expires_at, datetime.datetime):
            expires_at = self.expires_at.isoformat()
        else:
            expires_at = self.expires_at

        id = self.id

        last_used_at: None | str
        if isinstance(self.last_used_at, datetime.datetime):
            last_used_at = self.last_used_at.isoformat()
        else:
            last_used_at = self.last_used_at

        name = self.name

        object_ = self.object_

        scopes = []
        for scopes_item_data in self.scopes:
            scopes_item: str = scopes_item_data
            scopes.append(scopes_item)

        status: str = self.status

        uri = self.uri

        token = self.token

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "created_at": created_at,
                "ended_at": ended_at,
                "expires_at": expires_at,
                "id": id,
                "last_used_at": last_used_at,
                "name": name,
                "object": object_,
                "scopes": scopes,
                "status": status,
                "uri": uri,
            }
        )
        if token is not UNSET:
            field_dict["token"] = token

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
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

        name = d.pop("name")

        object_ = d.pop("object")

        scopes = []
        _scopes = d.pop("scopes")
        for scopes_item_data in _scopes:
            scopes_item = check_operator_scope(scopes_item_data)

            scopes.append(scopes_item)

        status = check_operator_token_status(d.pop("status"))

        uri = d.pop("uri")

        token = d.pop("token", UNSET)

        operator_token = cls(
            created_at=created_at,
            ended_at=ended_at,
            expires_at=expires_at,
            id=id,
            last_used_at=last_used_at,
            name=name,
            object_=object_,
            scopes=scopes,
            status=status,
            uri=uri,
            token=token,
        )

        operator_token.additional_properties = d
        return operator_token

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
