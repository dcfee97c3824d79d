from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.api_key import ApiKey


T = TypeVar("T", bound="ListApiKey")


@_attrs_define
class ListApiKey:
    """List in an answer."""

    count: int | None
    """ Total number of rows, if that is cheap to know. """
    data: list[ApiKey]
    """ Rows, newest first. """
    next_href: None | str
    """ Path of the next page; `null` on the last one. """
    object_: str
    """ Always `list`. """
    previous_href: None | str
    """ Always `null`: pages are followed forwards. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        count: int | None
        count = self.count

        data = []
        for data_item_data in self.data:
            data_item = data_item_data.to_dict()
            data.append(data_item)

        next_href: None | str
        next_href = self.next_href

        object_ = self.object_

        previous_href: None | str
        previous_href = self.previous_href

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "count": count,
                "data": data,
                "next_href": next_href,
                "object": object_,
                "previous_href": previous_href,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.api_key import ApiKey

        d = dict(src_dict)

        def _parse_count(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        count = _parse_count(d.pop("count"))

        data = []
        _data = d.pop("data")
        for data_item_data in _data:
            data_item = ApiKey.from_dict(data_item_data)

            data.append(data_item)

        def _parse_next_href(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        next_href = _parse_next_href(d.pop("next_href"))

        object_ = d.pop("object")

        def _parse_previous_href(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        previous_href = _parse_previous_href(d.pop("previous_href"))

        list_api_key = cls(
            count=count,
            data=data,
            next_href=next_href,
            object_=object_,
            previous_href=previous_href,
        )

        list_api_key.additional_properties = d
        return list_api_key

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
