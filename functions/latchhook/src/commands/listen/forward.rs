//! Forwarding of received requests to a target.

use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, Uri, header};

use crate::{
    client::{Answer, Transport, TransportError, Trust},
    receiver::{Answered, Arrived},
};

/// Headers that belong to one connection and are not forwarded (RFC 9110, section 7.6.1), and
/// headers that the next connection sets by itself.
const OF_THE_CONNECTION: [HeaderName; 10] = [
    header::CONNECTION,
    header::CONTENT_LENGTH,
    HeaderName::from_static("keep-alive"),
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    HeaderName::from_static("proxy-connection"),
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// Target of all requests.
pub(super) struct Forward {
    uri: Uri,
    transport: Transport,
}

/// Result of forwarding a request.
pub(super) struct Forwarded {
    /// Answer for the sender.
    pub(super) answer: Answered,
    /// Reason why the target did not answer.
    pub(super) problem: Option<String>,
}

impl Forward {
    /// Creates a forwarder to `uri`, which accepts the certificates that `trust` says.
    pub(super) fn to(uri: Uri, trust: Trust) -> Self {
        Self { uri, transport: Transport::keeping_nothing(trust) }
    }

    /// Returns the forwarder with another time limit of the target.
    #[cfg(test)]
    pub(super) fn patient(self, patience: std::time::Duration) -> Self {
        Self { transport: self.transport.patient(patience), ..self }
    }

    /// Forwards a request with the same method, headers and bytes, so that its signature still
    /// holds. Returns the target's answer: status, headers and body; or, if there is none, an
    /// answer that says why.
    pub(super) async fn pass_on(&self, arrived: Arrived) -> Forwarded {
        let mut request = Request::new(arrived.body);
        *request.method_mut() = arrived.method;
        *request.uri_mut() = self.uri.clone();
        *request.headers_mut() = arrived.headers;
        strip(request.headers_mut());
        request.headers_mut().remove(header::HOST);
        request.headers_mut().remove(header::EXPECT);
        match self.transport.send(request).await {
            Ok(answer) => Forwarded { answer: given_back(answer), problem: None },
            Err(why) => self.no_answer(&why),
        }
    }

    fn no_answer(&self, why: &TransportError) -> Forwarded {
        let status = match why {
            TransportError::Late(_) => StatusCode::GATEWAY_TIMEOUT,
            TransportError::Broken(_) => StatusCode::BAD_GATEWAY,
        };
        let why = explained(why);
        let target = target(&self.uri);
        let sentence = format!("latchhook listen: {target} did not answer: {why}\n");
        let mut answer = Response::new(sentence.into());
        *answer.status_mut() = status;
        let plain = HeaderValue::from_static("text/plain; charset=utf-8");
        answer.headers_mut().insert(header::CONTENT_TYPE, plain);
        Forwarded { answer, problem: Some(why) }
    }
}

/// Sentence that says why there is no answer; for an untrusted certificate it names the flag that
/// accepts it.
fn explained(why: &TransportError) -> String {
    match why {
        TransportError::Broken(why) if why.starts_with("invalid peer certificate") => {
            format!("its certificate is not trusted, --insecure accepts it ({why})")
        }
        why => why.to_string(),
    }
}

/// Returns a target for display: without credentials, and without its query, which may contain
/// some.
pub(super) fn target(uri: &Uri) -> String {
    let host = uri.host().unwrap_or_default();
    let port = uri.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{host}{port}{}", uri.scheme_str().unwrap_or_default(), uri.path())
}

fn given_back(answer: Answer) -> Answered {
    let mut response = Response::new(answer.body);
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    strip(response.headers_mut());
    response
}

/// Removes the headers of the connection, among them those that `Connection` lists.
fn strip(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in OF_THE_CONNECTION.iter().chain(&named) {
        headers.remove(name);
    }
}

/// Parses the URL of a target.
pub(super) fn url(text: &str) -> Result<Uri, String> {
    crate::args::http_url(text)?;
    text.parse().map_err(|_| "must be an http:// or https:// URL with a host".to_owned())
}
