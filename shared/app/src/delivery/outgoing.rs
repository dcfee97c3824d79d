//! Outgoing request of an attempt.

use std::sync::Arc;

use bytes::Bytes;
use domain::{
    Redacted, Timestamp, delivery::Failure, redaction::MASK, signing, webhook::WebhookUrl,
};
use ports::sender::Outgoing;

use super::{event::AcceptedEvent, log::DeliveryRow, payload, sns, target::Target};
use crate::{App, problem::Problem};

impl App {
    /// Builds the signed request that delivers `event` to `target` at `now`, or returns why that is
    /// impossible; records it in `row`.
    ///
    /// # Errors
    /// When the backend is unavailable.
    pub(super) async fn outgoing(
        &self,
        event: &AcceptedEvent,
        target: &Target,
        now: Timestamp,
        row: &mut DeliveryRow,
    ) -> Result<Result<Outgoing, Failure>, Problem> {
        let webhook = &target.webhook;
        row.webhook_url = Redacted::new(&webhook.endpoint.url);
        row.include_object = webhook.include_object;
        let envelope = &self.backend.settings.envelope;
        row.payload_format = event.layout(envelope);
        let body = match payload::body(event, row.webhook_url.as_str(), row.layout()) {
            Ok(body) => Bytes::from(body),
            Err(failure) => return Ok(Err(failure)),
        };
        let seconds = now.as_seconds();
        let signature = signing::signature_header(&target.signing(now), event.id, seconds, &body);
        let mut headers = Vec::with_capacity(4);
        for names in envelope.signature_headers.sets() {
            headers.extend([
                (Arc::clone(&names.id), event.id.to_string()),
                (Arc::clone(&names.timestamp), seconds.to_string()),
                (Arc::clone(&names.signature), signature.clone()),
            ]);
        }
        if self.backend.settings.send_traceparent {
            headers.extend(self.backend.trace().map(|at| ("traceparent".into(), at.to_string())));
        }
        let extra_header = match &self.backend.settings.legacy_signature_header {
            None => None,
            Some(name) => {
                let place = (event.account, event.environment);
                let signature =
                    self.targets.legacy_signature(&self.backend, place, now, &body).await?;
                Some((name.clone(), signature))
            }
        };
        let event_type = event.event_type.to_string();
        let webhook_headers = target.headers.clone();
        let outgoing = Outgoing { headers, webhook_headers, extra_header, event_type, body };
        if let WebhookUrl::Sns(_) = &target.url
            && let Err(failure) = sns::check(&outgoing)
        {
            return Ok(Err(failure));
        }
        let kept =
            |name: &str, value: &str| (name.to_owned(), Redacted::with(&target.known, value));
        let headers = outgoing.headers.iter();
        row.request_headers = headers.map(|(name, value)| kept(name, value)).collect();
        let extra = outgoing.extra_header.iter();
        row.request_headers.extend(extra.map(|(name, value)| kept(name, value)));
        let own = outgoing.webhook_headers.iter();
        row.request_headers.extend(own.map(|(name, _)| (name.clone(), Redacted::new(MASK))));
        Ok(Ok(outgoing))
    }
}
