from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.imported_api_key import ImportedApiKey


T = TypeVar("T", bound="ImportApiKeys")


@_attrs_define
class ImportApiKeys:
    """Keys that somebody else made.

    Example:
        {'api_keys': [{'environment': 'test', 'key': 'sk_test_51Hx…', 'name': 'CI', 'type': 'secret'}]}

    """

    api_keys: list[ImportedApiKey]
    """ Keys, 1 to 100: all are imported, or none. """

    def to_dict(self) -> dict[str, Any]:
        api_keys = []
        for api_keys_item_data in self.api_keys:
            api_keys_item = api_keys_item_data.to_dict()
            api_keys.append(api_keys_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "api_keys": api_keys,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.imported_api_key import ImportedApiKey

        d = dict(src_dict)
        api_keys = []
        _api_keys = d.pop("api_keys")
        for api_keys_item_data in _api_keys:
            api_keys_item = ImportedApiKey.from_dict(api_keys_item_data)

            api_keys.append(api_keys_item)

        import_api_keys = cls(
            api_keys=api_keys,
        )

        return import_api_keys
