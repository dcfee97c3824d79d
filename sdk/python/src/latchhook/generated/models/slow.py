from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.environment import Environment, check_environment
from ..models.webhook_status import WebhookStatus, check_webhook_status

T = TypeVar("T", bound="Slow")


@_attrs_define
class Slow:
    """A slow webhook."""

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
    last_at: datetime.datetime
    """ Time of the newest of them. """
    slow_attempts: int
    """ Number of its attempts in this hour and the 23 before it that took a second or more. """
    slowest_ms: int
    """ Duration of the slowest of its attempts among the newest. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
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

        last_at = self.last_at.isoformat()

        slow_attempts = self.slow_attempts

        slowest_ms = self.slowest_ms

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
                "last_at": last_at,
                "slow_attempts": slow_attempts,
                "slowest_ms": slowest_ms,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
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

        last_at = datetime.datetime.fromisoformat(d.pop("last_at"))

        slow_attempts = d.pop("slow_attempts")

        slowest_ms = d.pop("slowest_ms")

        slow = cls(
            account_id=account_id,
            account_name=account_name,
            environment=environment,
            status=status,
            webhook_id=webhook_id,
            webhook_url=webhook_url,
            last_at=last_at,
            slow_attempts=slow_attempts,
            slowest_ms=slowest_ms,
        )

        slow.additional_properties = d
        return slow

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
