from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..models.recoverable_status import RecoverableStatus, check_recoverable_status
from ..types import UNSET, Unset

T = TypeVar("T", bound="Recover")


@_attrs_define
class Recover:
    """Period whose deliveries are recovered, and which of them.

    Example:
        {'since': '2026-01-31T00:00:00.000Z'}

    """

    since: datetime.datetime
    """ Start of the period, by the time of the events' creation. """
    include: list[RecoverableStatus] | None | Unset = UNSET
    """ Statuses of the deliveries that are recovered: `exhausted`, `cancelled` (because the webhook was
    disabled), `retrying`. """
    until: datetime.datetime | None | Unset = UNSET
    """ End of the period, by the time of the events' creation. """

    def to_dict(self) -> dict[str, Any]:
        since = self.since.isoformat()

        include: list[str] | None | Unset
        if isinstance(self.include, Unset):
            include = UNSET
        elif isinstance(self.include, list):
            include = []
            for include_type_0_item_data in self.include:
                include_type_0_item: str = include_type_0_item_data
                include.append(include_type_0_item)

        else:
            include = self.include

        until: None | str | Unset
        if isinstance(self.until, Unset):
            until = UNSET
        elif isinstance(self.until, datetime.datetime):
            until = self.until.isoformat()
        else:
            until = self.until

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "since": since,
            }
        )
        if include is not UNSET:
            field_dict["include"] = include
        if until is not UNSET:
            field_dict["until"] = until

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        since = datetime.datetime.fromisoformat(d.pop("since"))

        def _parse_include(data: object) -> list[RecoverableStatus] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                include_type_0 = []
                _include_type_0 = data
                for include_type_0_item_data in _include_type_0:
                    include_type_0_item = check_recoverable_status(
                        include_type_0_item_data
                    )

                    include_type_0.append(include_type_0_item)

                return include_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[RecoverableStatus] | None | Unset, data)

        include = _parse_include(d.pop("include", UNSET))

        def _parse_until(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                until_type_0 = datetime.datetime.fromisoformat(data)

                return until_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        until = _parse_until(d.pop("until", UNSET))

        recover = cls(
            since=since,
            include=include,
            until=until,
        )

        return recover
