from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.json_schema_type_0 import JsonSchemaType0


T = TypeVar("T", bound="EventType")


@_attrs_define
class EventType:
    """A registered event type."""

    created_at: datetime.datetime
    """ Time of creation. """
    description: None | str
    """ Description for people. """
    name: str
    """ Its name. """
    object_: str
    """ Type of this object. """
    schema: bool | JsonSchemaType0 | None
    updated_at: datetime.datetime
    """ Time of the last change. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.json_schema_type_0 import JsonSchemaType0

        created_at = self.created_at.isoformat()

        description: None | str
        description = self.description

        name = self.name

        object_ = self.object_

        schema: bool | dict[str, Any] | None
        if isinstance(self.schema, JsonSchemaType0):
            schema = self.schema.to_dict()
        else:
            schema = self.schema

        updated_at = self.updated_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "created_at": created_at,
                "description": description,
                "name": name,
                "object": object_,
                "schema": schema,
                "updated_at": updated_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.json_schema_type_0 import JsonSchemaType0

        d = dict(src_dict)
        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_description(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        description = _parse_description(d.pop("description"))

        name = d.pop("name")

        object_ = d.pop("object")

        def _parse_schema(data: object) -> bool | JsonSchemaType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_json_schema_type_0 = JsonSchemaType0.from_dict(data)

                return componentsschemas_json_schema_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(bool | JsonSchemaType0 | None, data)

        schema = _parse_schema(d.pop("schema"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        event_type = cls(
            created_at=created_at,
            description=description,
            name=name,
            object_=object_,
            schema=schema,
            updated_at=updated_at,
        )

        event_type.additional_properties = d
        return event_type

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
