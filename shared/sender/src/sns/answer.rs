//! Answer to a `Publish`.

use domain::delivery::{Failure, FailureCode};
use ports::sender::Answer;

use crate::{
    failure::{NoAnswer, failure},
    http::response::Response,
};

/// Number of bytes of an answer that are read; SNS answers in a few hundred bytes.
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// Reads the answer: for a success the message's identifier, for a refusal the failure, with its
/// code only: the service's messages can contain its users and roles, and repeat signed data.
pub(super) async fn read(mut response: Response) -> Result<Answer, NoAnswer> {
    let mut body = Vec::new();
    while let Some(data) = response.next().await {
        body.extend_from_slice(&data);
        if body.len() > MAX_ANSWER_BYTES {
            break;
        }
    }
    let status = response.status();
    let request_id = response.headers().into_iter().find_map(|header| {
        let is_it = header.name.eq_ignore_ascii_case(b"x-amzn-requestid");
        is_it.then(|| String::from_utf8(header.value.to_vec()).ok())?
    });
    response.finish();
    if (200..300).contains(&status) {
        let id = text_of("MessageId", &body).ok_or_else(not_understood)?;
        let name = "x-amzn-requestid".to_owned();
        return Ok(Answer {
            status: 200,
            headers: request_id.map(|id| (name, id)).into_iter().collect(),
            body_excerpt: format!(r#"{{"MessageId":"{id}"}}"#),
            retry_after_seconds: None,
        });
    }
    let code = text_of("Code", &body).ok_or_else(not_understood)?;
    Err(failure(FailureCode::Sns, format!("SNS answered {status}: {code}")).into())
}

/// Returns the text of the first element called `name`, if it is a word: letters, digits, dots and
/// hyphens, as SNS's identifiers and codes are.
fn text_of(name: &str, body: &[u8]) -> Option<String> {
    let document = roxmltree::Document::parse(std::str::from_utf8(body).ok()?).ok()?;
    let element = document.descendants().find(|node| node.tag_name().name() == name)?;
    let is_word = |text: &&str| {
        let is_part = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
        (1..=128).contains(&text.len()) && text.bytes().all(is_part)
    };
    element.text().map(str::trim).filter(is_word).map(str::to_owned)
}

fn not_understood() -> Failure {
    failure(FailureCode::Protocol, "SNS gave an answer that can't be parsed")
}
