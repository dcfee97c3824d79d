"""Contains all the data models used in inputs/outputs"""

from .account import Account
from .advance import Advance
from .api_key import ApiKey
from .api_key_metadata import ApiKeyMetadata
from .api_key_secret import ApiKeySecret
from .attempt_error import AttemptError
from .attempt_status import AttemptStatus
from .audit_actor import AuditActor
from .audit_event import AuditEvent
from .audit_event_data import AuditEventData
from .batched_event import BatchedEvent
from .begun_session import BegunSession
from .bucket import Bucket
from .capability import Capability
from .create_account import CreateAccount
from .create_api_key import CreateApiKey
from .create_api_key_metadata_type_0 import CreateApiKeyMetadataType0
from .create_operator_token import CreateOperatorToken
from .create_operator_webhook import CreateOperatorWebhook
from .create_operator_webhook_filter_type_0 import CreateOperatorWebhookFilterType0
from .create_operator_webhook_headers_type_0 import CreateOperatorWebhookHeadersType0
from .create_portal_session import CreatePortalSession
from .create_webhook import CreateWebhook
from .create_webhook_filter_type_0 import CreateWebhookFilterType0
from .create_webhook_headers_type_0 import CreateWebhookHeadersType0
from .delivery import Delivery
from .delivery_health import DeliveryHealth
from .delivery_log import DeliveryLog
from .delivery_stats import DeliveryStats
from .delivery_status import DeliveryStatus
from .disabled_reason import DisabledReason
from .environment import Environment
from .error import Error
from .error_code import ErrorCode
from .event import Event
from .event_data import EventData
from .event_data_object import EventDataObject
from .event_type import EventType
from .expire_api_key import ExpireApiKey
from .failing import Failing
from .failing_own import FailingOwn
from .failure_cause import FailureCause
from .get_events_order import GetEventsOrder
from .get_logs_kind import GetLogsKind
from .import_api_keys import ImportApiKeys
from .imported_api_key import ImportedApiKey
from .imported_api_key_metadata_type_0 import ImportedApiKeyMetadataType0
from .json_schema_type_0 import JsonSchemaType0
from .jurisdiction import Jurisdiction
from .jwk import Jwk
from .jwk_set import JwkSet
from .key_hash import KeyHash
from .key_scope import KeyScope
from .key_status import KeyStatus
from .key_type import KeyType
from .list_account import ListAccount
from .list_api_key import ListApiKey
from .list_audit_event import ListAuditEvent
from .list_event import ListEvent
from .list_event_type import ListEventType
from .list_key_scope import ListKeyScope
from .list_log import ListLog
from .list_operator_token import ListOperatorToken
from .list_portal_session_row import ListPortalSessionRow
from .list_webhook import ListWebhook
from .most_failing import MostFailing
from .new_actor import NewActor
from .operator_scope import OperatorScope
from .operator_token import OperatorToken
from .operator_token_status import OperatorTokenStatus
from .ping import Ping
from .portal_session import PortalSession
from .portal_session_actor import PortalSessionActor
from .portal_session_row import PortalSessionRow
from .post_data import PostData
from .post_data_object import PostDataObject
from .post_event import PostEvent
from .post_events import PostEvents
from .put_event_type import PutEventType
from .put_key_scope import PutKeyScope
from .rate_limit import RateLimit
from .rate_limit_left import RateLimitLeft
from .received_response import ReceivedResponse
from .received_response_headers import ReceivedResponseHeaders
from .recover import Recover
from .recoverable_status import RecoverableStatus
from .recovered import Recovered
from .recovery import Recovery
from .redeem_code import RedeemCode
from .report_requests import ReportRequests
from .reported import Reported
from .reported_request import ReportedRequest
from .request_description import RequestDescription
from .request_log import RequestLog
from .request_row_details import RequestRowDetails
from .resend import Resend
from .retry_schedule import RetrySchedule
from .rotate_secret import RotateSecret
from .sent_request import SentRequest
from .sent_request_headers import SentRequestHeaders
from .signing import Signing
from .slow import Slow
from .trigger import Trigger
from .trouble import Trouble
from .update_account import UpdateAccount
from .update_api_key import UpdateApiKey
from .update_api_key_metadata_type_0 import UpdateApiKeyMetadataType0
from .update_webhook import UpdateWebhook
from .update_webhook_filter_type_0 import UpdateWebhookFilterType0
from .update_webhook_headers_type_0 import UpdateWebhookHeadersType0
from .verification import Verification
from .verification_metadata_type_0 import VerificationMetadataType0
from .verify_api_key import VerifyApiKey
from .waiting import Waiting
from .webhook import Webhook
from .webhook_filter_type_0 import WebhookFilterType0
from .webhook_headers import WebhookHeaders
from .webhook_secret import WebhookSecret
from .webhook_statement import WebhookStatement
from .webhook_status import WebhookStatus
from .which import Which

__all__ = (
    "Account",
    "Advance",
    "ApiKey",
    "ApiKeyMetadata",
    "ApiKeySecret",
    "AttemptError",
    "AttemptStatus",
    "AuditActor",
    "AuditEvent",
    "AuditEventData",
    "BatchedEvent",
    "BegunSession",
    "Bucket",
    "Capability",
    "CreateAccount",
    "CreateApiKey",
    "CreateApiKeyMetadataType0",
    "CreateOperatorToken",
    "CreateOperatorWebhook",
    "CreateOperatorWebhookFilterType0",
    "CreateOperatorWebhookHeadersType0",
    "CreatePortalSession",
    "CreateWebhook",
    "CreateWebhookFilterType0",
    "CreateWebhookHeadersType0",
    "Delivery",
    "DeliveryHealth",
    "DeliveryLog",
    "DeliveryStats",
    "DeliveryStatus",
    "DisabledReason",
    "Environment",
    "Error",
    "ErrorCode",
    "Event",
    "EventData",
    "EventDataObject",
    "EventType",
    "ExpireApiKey",
    "Failing",
    "FailingOwn",
    "FailureCause",
    "GetEventsOrder",
    "GetLogsKind",
    "ImportApiKeys",
    "ImportedApiKey",
    "ImportedApiKeyMetadataType0",
    "JsonSchemaType0",
    "Jurisdiction",
    "Jwk",
    "JwkSet",
    "KeyHash",
    "KeyScope",
    "KeyStatus",
    "KeyType",
    "ListAccount",
    "ListApiKey",
    "ListAuditEvent",
    "ListEvent",
    "ListEventType",
    "ListKeyScope",
    "ListLog",
    "ListOperatorToken",
    "ListPortalSessionRow",
    "ListWebhook",
    "MostFailing",
    "NewActor",
    "OperatorScope",
    "OperatorToken",
    "OperatorTokenStatus",
    "Ping",
    "PortalSession",
    "PortalSessionActor",
    "PortalSessionRow",
    "PostData",
    "PostDataObject",
    "PostEvent",
    "PostEvents",
    "PutEventType",
    "PutKeyScope",
    "RateLimit",
    "RateLimitLeft",
    "ReceivedResponse",
    "ReceivedResponseHeaders",
    "Recover",
    "RecoverableStatus",
    "Recovered",
    "Recovery",
    "RedeemCode",
    "ReportRequests",
    "Reported",
    "ReportedRequest",
    "RequestDescription",
    "RequestLog",
    "RequestRowDetails",
    "Resend",
    "RetrySchedule",
    "RotateSecret",
    "SentRequest",
    "SentRequestHeaders",
    "Signing",
    "Slow",
    "Trigger",
    "Trouble",
    "UpdateAccount",
    "UpdateApiKey",
    "UpdateApiKeyMetadataType0",
    "UpdateWebhook",
    "UpdateWebhookFilterType0",
    "UpdateWebhookHeadersType0",
    "Verification",
    "VerificationMetadataType0",
    "VerifyApiKey",
    "Waiting",
    "Webhook",
    "WebhookFilterType0",
    "WebhookHeaders",
    "WebhookSecret",
    "WebhookStatement",
    "WebhookStatus",
    "Which",
)
