from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.post_data import PostData


T = TypeVar("T", bound="Ping")


@_attrs_define
class Ping:
    """A test event.

    Example:
        {}

    """

    data: None | PostData | Unset = UNSET
    type_: None | str | Unset = UNSET
    """ Type of the event, by default `webhook.ping`. """

    def to_dict(self) -> dict[str, Any]:
        from ..models.post_data import PostData

        data: dict[str, Any] | None | Unset
        if isinstance(self.data, Unset):
            data = UNSET
        elif isinstance(self.data, PostData):
            data = self.data.to_dict()
        else:
            data = self.data

        type_: None | str | Unset
        if isinstance(self.type_, Unset):
            type_ = UNSET
        else:
            type_ = self.type_

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if data is not UNSET:
            field_dict["data"] = data
        if type_ is not UNSET:
            field_dict["type"] = type_

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.post_data import PostData

        d = dict(src_dict)

        def _parse_data(data: object) -> None | PostData | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                data_type_0 = PostData.from_dict(data)

                return data_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | PostData | Unset, data)

        data = _parse_data(d.pop("data", UNSET))

        def _parse_type_(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        type_ = _parse_type_(d.pop("type", UNSET))

        ping = cls(
            data=data,
            type_=type_,
        )

        return ping
