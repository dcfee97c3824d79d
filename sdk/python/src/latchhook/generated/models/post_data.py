from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.post_data_object import PostDataObject


T = TypeVar("T", bound="PostData")


@_attrs_define
class PostData:
    """Data of an event."""

    object_: PostDataObject
    """ Related object: anything with `id`, `object` and, if it can be fetched, `uri`. """

    def to_dict(self) -> dict[str, Any]:
        object_ = self.object_.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "object": object_,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.post_data_object import PostDataObject

        d = dict(src_dict)
        object_ = PostDataObject.from_dict(d.pop("object"))

        post_data = cls(
            object_=object_,
        )

        return post_data
