from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.failure_cause import FailureCause


T = TypeVar("T", bound="Trouble")


@_attrs_define
class Trouble:
    """Trouble of a webhook whose every delivery fails."""

    cause: FailureCause | None
    disables_at: datetime.datetime | None
    """ Time from which the next failure disables the webhook: 60 days later. """
    failing_since: datetime.datetime
    """ Time since when every delivery has failed. """
    recent_attempts: int
    """ Number of attempts in this hour and the 23 before it. """
    recent_failures: int
    """ Number of those that failed. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.failure_cause import FailureCause

        cause: dict[str, Any] | None
        if isinstance(self.cause, FailureCause):
            cause = self.cause.to_dict()
        else:
            cause = self.cause

        disables_at: None | str
        if isinstance(self.disables_at, datetime.datetime):
            disables_at = self.disables_at.isoformat()
        else:
            disables_at = self.disables_at

        failing_since = self.failing_since.isoformat()

        recent_attempts = self.recent_attempts

        recent_failures = self.recent_failures

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "cause": cause,
                "disables_at": disables_at,
                "failing_since": failing_since,
                "recent_attempts": recent_attempts,
                "recent_failures": recent_failures,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.failure_cause import FailureCause

        d = dict(src_dict)

        def _parse_cause(data: object) -> FailureCause | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                cause_type_0 = FailureCause.from_dict(data)

                return cause_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(FailureCause | None, data)

        cause = _parse_cause(d.pop("cause"))

        def _parse_disables_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                disables_at_type_0 = datetime.datetime.fromisoformat(data)

                return disables_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        disables_at = _parse_disables_at(d.pop("disables_at"))

        failing_since = datetime.datetime.fromisoformat(d.pop("failing_since"))

        recent_attempts = d.pop("recent_attempts")

        recent_failures = d.pop("recent_failures")

        trouble = cls(
            cause=cause,
            disables_at=disables_at,
            failing_since=failing_since,
            recent_attempts=recent_attempts,
            recent_failures=recent_failures,
        )

        trouble.additional_properties = d
        return trouble

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
