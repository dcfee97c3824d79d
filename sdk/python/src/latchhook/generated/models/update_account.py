from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="UpdateAccount")


@_attrs_define
class UpdateAccount:
    """A change of an account.

    Example:
        {'credentialed': True, 'webhook_quota': 5}

    """

    credentialed: bool | Unset = UNSET
    """ True to open live mode to the account, false to close it. """
    name: str | Unset = UNSET
    """ Display name. """
    webhook_quota: int | Unset = UNSET
    """ Limit of webhooks in each environment. """

    def to_dict(self) -> dict[str, Any]:
        credentialed = self.credentialed

        name = self.name

        webhook_quota = self.webhook_quota

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if credentialed is not UNSET:
            field_dict["credentialed"] = credentialed
        if name is not UNSET:
            field_dict["name"] = name
        if webhook_quota is not UNSET:
            field_dict["webhook_quota"] = webhook_quota

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        credentialed = d.pop("credentialed", UNSET)

        name = d.pop("name", UNSET)

        webhook_quota = d.pop("webhook_quota", UNSET)

        update_account = cls(
            credentialed=credentialed,
            name=name,
            webhook_quota=webhook_quota,
        )

        return update_account
