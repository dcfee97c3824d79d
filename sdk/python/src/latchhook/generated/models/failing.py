from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.environment import Environment, check_environment
from ..models.webhook_status import WebhookStatus, check_webhook_status

if TYPE_CHECKING:
    from ..models.failure_cause import FailureCause


T = TypeVar("T", bound="Failing")


@_attrs_define
class Failing:
    """A webhook whose every delivery fails."""

    account_id: str
    """ The account that it belongs to. """
    account_name: None | str
    """ Display name of the account. """
    environment: Environment | None
    """ The environment that it belongs to. """
    status: None | WebhookStatus
    webhook_id: str
    """ The webhook's identifier. """
    webhook_url: None | str
    """ URL with its credentials masked; `null` once the webhook is deleted. """
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

        account_id = self.account_id

        account_name: None | str
        account_name = self.account_name

        environment: None | str
        if isinstance(self.environment, str):
            environment = self.environment
        else:
            environment = self.environment

        status: None | str
        if isinstance(self.status, str):
            status = self.status
        else:
            status = self.status

        webhook_id = self.webhook_id

        webhook_url: None | str
        webhook_url = self.webhook_url

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
                "account_id": account_id,
                "account_name": account_name,
                "environment": environment,
                "status": status,
                "webhook_id": webhook_id,
                "webhook_url": webhook_url,
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
        account_id = d.pop("account_id")

        def _parse_account_name(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        account_name = _parse_account_name(d.pop("account_name"))

        def _parse_environment(data: object) -> Environment | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                environment_type_0 = check_environment(data)

                return environment_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Environment | None, data)

        environment = _parse_environment(d.pop("environment"))

        def _parse_status(data: object) -> None | WebhookStatus:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                status_type_0 = check_webhook_status(data)

                return status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | WebhookStatus, data)

        status = _parse_status(d.pop("status"))

        webhook_id = d.pop("webhook_id")

        def _parse_webhook_url(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        webhook_url = _parse_webhook_url(d.pop("webhook_url"))

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

        failing = cls(
            account_id=account_id,
            account_name=account_name,
            environment=environment,
            status=status,
            webhook_id=webhook_id,
            webhook_url=webhook_url,
            cause=cause,
            disables_at=disables_at,
            failing_since=failing_since,
            recent_attempts=recent_attempts,
            recent_failures=recent_failures,
        )

        failing.additional_properties = d
        return failing

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
