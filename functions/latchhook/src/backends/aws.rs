//! Deployments on AWS, named by the environment that its functions have.

use std::sync::Arc;

use domain::Secret;
use lambda::{Settings, backend::Deployment};
use sealed::KeyRing;

use super::{OpenBackend, fitted};
use crate::{context::Context, failure::Failure};

/// Note for when functions that are running already know another pepper.
const RESTART: &str = "The deployment had made a key ring of its own: deploy it again (any change of \
    its parameters will do), so that running functions stop using it.";

/// Returns the ports of the deployment that the environment names.
pub(crate) async fn deployment(context: &Context) -> Result<Deployment, Failure> {
    let settings = Settings::read(&context.env).map_err(|why| Failure::Usage(why.to_string()))?;
    Ok(Deployment::of(settings).await)
}

/// Opens the deployment, with `pepper` for an import.
pub(super) async fn open(
    context: &Context,
    pepper: Option<&Secret>,
) -> Result<OpenBackend, Failure> {
    let failed = |why: lambda::Error| Failure::of("the key ring", why);
    let deployment = deployment(context).await?;
    let mut made = KeyRing::generate(&*deployment.ids);
    if let Some(pepper) = pepper {
        let damaged = || Failure::of("the export", "its pepper is damaged");
        made = made.with_pepper(pepper).ok_or_else(damaged)?;
    }
    let mut ring = deployment.ring(&made).await.map_err(failed)?;
    let mut note = None;
    if let Some(pepper) = pepper
        && let Some(fitted) = fitted(&ring, pepper, &*deployment.store).await?
    {
        deployment.replace_ring(&fitted).await.map_err(failed)?;
        (ring, note) = (fitted, Some(RESTART));
    }
    Ok(OpenBackend {
        pepper: ring.pepper_text(),
        vault: deployment.vault(ring),
        store: deployment.store.clone(),
        queue: deployment.queue.clone(),
        clock: Arc::clone(&deployment.clock),
        ids: Arc::clone(&deployment.ids),
        key_prefix: deployment.key_prefix(),
        note,
        embedded: None,
        _snapshot: None,
    })
}
