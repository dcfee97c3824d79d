from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.attempt_status import AttemptStatus, check_attempt_status
from ..models.environment import Environment, check_environment
from ..models.trigger import Trigger, check_trigger

if TYPE_CHECKING:
    from ..models.attempt_error import AttemptError
    from ..models.received_response import ReceivedResponse
    from ..models.sent_request import SentRequest


T = TypeVar("T", bound="DeliveryLog")


@_attrs_define
class DeliveryLog:
    """An attempt of a delivery."""

    attempt: int
    """ Number of the attempt within its delivery, from 1. """
    created_at: datetime.datetime
    """ Time of creation. """
    duration_ms: int
    """ Duration in milliseconds. """
    environment: Environment
    """ Environment of an account, test or live. """
    error: AttemptError | None
    """ The error; `null` if there was none. """
    event_id: str
    """ The event's identifier. """
    event_type: str
    """ The event's type. """
    id: str
    """ Its identifier; sorts by creation. """
    kind: str
    """ Kind of log that the row is in. """
    next_attempt_at: datetime.datetime | None
    """ Time of the next attempt; `null` if there is none. """
    object_: str
    """ Type of this object. """
    object_id: None | str
    """ Identifier of the related object; `null` once the event is no longer stored. """
    request: SentRequest
    """ Request that was sent. """
    response: None | ReceivedResponse
    """ The response; `null` if there was none. """
    response_status: int | None
    """ HTTP status of the response; `null` if there was none. """
    status: AttemptStatus
    """ Status of an attempt. """
    trigger: Trigger
    """ Trigger of an attempt. """
    webhook_id: str
    """ The webhook's identifier. """
    webhook_url: str
    """ URL with its credentials masked. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.attempt_error import AttemptError
        from ..models.received_response import ReceivedResponse

        attempt = self.attempt

        created_at = self.created_at.isoformat()

        duration_ms = self.duration_ms

        environment: str = self.environment

        error: dict[str, Any] | None
        if isinstance(self.error, AttemptError):
            error = self.error.to_dict()
        else:
            error = self.error

        event_id = self.event_id

        event_type = self.event_type

        id = self.id

        kind = self.kind

        next_attempt_at: None | str
        if isinstance(self.next_attempt_at, datetime.datetime):
            next_attempt_at = self.next_attempt_at.isoformat()
        else:
            next_attempt_at = self.next_attempt_at

        object_ = self.object_

        object_id: None | str
        object_id = self.object_id

        request = self.request.to_dict()

        response: dict[str, Any] | None
        if isinstance(self.response, ReceivedResponse):
            response = self.response.to_dict()
        else:
            response = self.response

        response_status: int | None
        response_status = self.response_status

        status: str = self.status

        trigger: str = self.trigger

        webhook_id = self.webhook_id

        webhook_url = self.webhook_url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "attempt": attempt,
                "created_at": created_at,
                "duration_ms": duration_ms,
                "environment": environment,
                "error": error,
                "event_id": event_id,
                "event_type": event_type,
                "id": id,
                "kind": kind,
                "next_attempt_at": next_attempt_at,
                "object": object_,
                "object_id": object_id,
                "request": request,
                "response": response,
                "response_status": response_status,
                "status": status,
                "trigger": trigger,
                "webhook_id": webhook_id,
                "webhook_url": webhook_url,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.attempt_error import AttemptError
        from ..models.received_response import ReceivedResponse
        from ..models.sent_request import SentRequest

        d = dict(src_dict)
        attempt = d.pop("attempt")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        duration_ms = d.pop("duration_ms")

        environment = check_environment(d.pop("environment"))

        def _parse_error(data: object) -> AttemptError | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                error_type_0 = AttemptError.from_dict(data)

                return error_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(AttemptError | None, data)

        error = _parse_error(d.pop("error"))

        event_id = d.pop("event_id")

        event_type = d.pop("event_type")

        id = d.pop("id")

        kind = d.pop("kind")

        def _parse_next_attempt_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                next_attempt_at_type_0 = datetime.datetime.fromisoformat(data)

                return next_attempt_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        next_attempt_at = _parse_next_attempt_at(d.pop("next_attempt_at"))

        object_ = d.pop("object")

        def _parse_object_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        object_id = _parse_object_id(d.pop("object_id"))

        request = SentRequest.from_dict(d.pop("request"))

        def _parse_response(data: object) -> None | ReceivedResponse:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                response_type_0 = ReceivedResponse.from_dict(data)

                return response_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ReceivedResponse, data)

        response = _parse_response(d.pop("response"))

        def _parse_response_status(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        response_status = _parse_response_status(d.pop("response_status"))

        status = check_attempt_status(d.pop("status"))

        trigger = check_trigger(d.pop("trigger"))

        webhook_id = d.pop("webhook_id")

        webhook_url = d.pop("webhook_url")

        delivery_log = cls(
            attempt=attempt,
            created_at=created_at,
            duration_ms=duration_ms,
            environment=environment,
            error=error,
            event_id=event_id,
            event_type=event_type,
            id=id,
            kind=kind,
            next_attempt_at=next_attempt_at,
            object_=object_,
            object_id=object_id,
            request=request,
            response=response,
            response_status=response_status,
            status=status,
            trigger=trigger,
            webhook_id=webhook_id,
            webhook_url=webhook_url,
        )

        delivery_log.additional_properties = d
        return delivery_log

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
