//! Identity provider whose codes say who comes back.

use async_trait::async_trait;
use domain::{OperatorScope, OperatorScopes, Secret};
use ports::{
    IdentityProvider,
    identity::{Identified, NotIdentified, SignInAttempt},
};

/// Identity provider at which everybody of `example.com` may sign in: the code `ada` is Ada's, who may do
/// everything, and `vic` is Vic's, who may see accounts. `away` finds the provider away.
pub(crate) struct SimulatedProvider;

#[async_trait]
impl IdentityProvider for SimulatedProvider {
    async fn authorization_url(&self, attempt: &SignInAttempt) -> Result<String, NotIdentified> {
        Ok(format!("https://id.example.com/authorize?state={}", attempt.state.expose()))
    }

    async fn identify(
        &self,
        code: &Secret,
        _: &SignInAttempt,
    ) -> Result<Identified, NotIdentified> {
        let scopes = match code.expose() {
            "ada" => OperatorScopes::All,
            "vic" => OperatorScopes::Some([OperatorScope::AccountsRead].into()),
            "mallory" => return Err(NotIdentified::NotAllowed),
            "away" => return Err(NotIdentified::Unavailable("away".into())),
            _ => return Err(NotIdentified::Unproven("the code is none")),
        };
        let subject = code.expose().to_owned();
        Ok(Identified { name: format!("{subject}@example.com"), subject, scopes })
    }
}
