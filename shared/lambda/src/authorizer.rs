//! Lambda authorizer for the operator's own HTTP API: it verifies the API key of a request.
//!
//! It answers in the simple format of payload 2.0:
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html>

use app::{
    App, auth,
    problem::Problem,
    resources::{
        logs::RequestRowDetails,
        verify::{Verified, Wanted},
    },
};
use aws_lambda_events::apigw::{
    ApiGatewayV2CustomAuthorizerSimpleResponse as Answer,
    ApiGatewayV2CustomAuthorizerV2Request as Asked,
};
use domain::{Redacted, key::Scope};
use http::header::USER_AGENT;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde::{Deserialize, Serialize};

use crate::{backend, start};

/// Number of bytes of a path and of a user agent that the API log keeps.
const MOST_OF_PATH: usize = 512;
const MOST_OF_USER_AGENT: usize = 256;

/// Facts about the key of an authorized request, for the operator's API in
/// `requestContext.authorizer.lambda`; empty for a request that may not pass.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyFacts {
    /// Account.
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<String>,
    /// Operator's identifier of the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    account_external_id: Option<String>,
    /// Environment, `test` or `live`.
    #[serde(skip_serializing_if = "Option::is_none")]
    environment: Option<String>,
    /// Type of the key, `secret` or `publishable`.
    #[serde(skip_serializing_if = "Option::is_none")]
    key_type: Option<String>,
    /// Identifier of the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    key_id: Option<String>,
    /// Scopes of the key, parted by spaces; absent if it may do everything.
    #[serde(skip_serializing_if = "Option::is_none")]
    scopes: Option<String>,
}

/// Answers invocations for as long as Lambda lets the process live.
///
/// # Errors
/// When the environment has problems.
pub async fn serve() -> Result<(), Error> {
    let settings = start()?;
    let app = App::new(backend::of_the_authorizer(&settings).await);
    lambda_runtime::run(service_fn(async |event: LambdaEvent<Asked>| {
        authorize(&app, event.payload).await.map_err(|problem| Error::from(problem.message))
    }))
    .await
}

/// Verifies the key that a request carries. The request is added to the account's API log, without
/// its outcome, which is not known here.
///
/// # Errors
/// When the backend is unavailable: API Gateway then answers 500, and the request does not pass.
async fn authorize(app: &App, asked: Asked) -> Result<Answer<KeyFacts>, Problem> {
    let request = describe(&asked);
    let mut answer = Answer::default();
    let Some(credential) = auth::credential(&asked.headers) else {
        tracing::info!(authorized = false, "no key");
        return Ok(answer);
    };
    let address = asked.request_context.http.source_ip.as_deref();
    let address = address.and_then(|address| address.parse().ok());
    let wanted = Wanted { address, ..Wanted::default() };
    match app.verify(&credential, wanted, Some(request)).await? {
        Ok(Verified { key, account, .. }) => {
            tracing::info!(authorized = true, account = %key.account, key = %key.id, "verified");
            answer.is_authorized = true;
            answer.context =
                KeyFacts {
                    account_id: Some(key.account.to_string()),
                    account_external_id: account.state.external_id.clone(),
                    environment: Some(key.environment.to_string()),
                    key_type: Some(key.key_type.to_string()),
                    key_id: Some(key.id.to_string()),
                    scopes: key.settings.scopes.as_ref().map(|scopes| {
                        scopes.iter().map(Scope::as_str).collect::<Vec<_>>().join(" ")
                    }),
                };
        }
        Err(fault) => tracing::info!(authorized = false, code = fault.as_str(), "verified"),
    }
    Ok(answer)
}

fn describe(asked: &Asked) -> RequestRowDetails {
    let http = &asked.request_context.http;
    let user_agent = asked.headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok());
    RequestRowDetails {
        method: Redacted::new(http.method.as_str()),
        path: Redacted::path(asked.raw_path.as_deref().unwrap_or("/")).cut(MOST_OF_PATH),
        status: None,
        duration_ms: None,
        ip: http.source_ip.as_deref().map(Redacted::new),
        user_agent: user_agent.map(|agent| Redacted::new(agent).cut(MOST_OF_USER_AGENT)),
        request_id: asked.request_context.request_id.as_deref().map(Redacted::new),
        error_code: None,
    }
}
