//! Deployments on AWS, named by the environment that its functions have.

use std::sync::Arc;

use domain::Secret;
use lambda::{Settings, backend::Rooms};
use sealed::KeyRing;

use super::{House, fitted};
use crate::{context::Context, failure::Failure};

/// Note for when functions that are running already know another pepper.
const RESTART: &str = "The deployment had made a key ring of its own: deploy it again (any change of \
    its parameters will do), so that functions which have started forget that.";

/// Returns the ports of the deployment that the environment names.
pub(crate) async fn rooms(context: &Context) -> Result<Rooms, Failure> {
    let settings = Settings::read(&context.env).map_err(|why| Failure::Usage(why.to_string()))?;
    Ok(Rooms::of(settings).await)
}

/// Opens the deployment, with `pepper` for an import.
pub(super) async fn open(context: &Context, pepper: Option<&Secret>) -> Result<House, Failure> {
    let failed = |why: lambda::Error| Failure::of("the key ring", why);
    let rooms = rooms(context).await?;
    let mut made = KeyRing::generate(&*rooms.ids);
    if let Some(pepper) = pepper {
        let damaged = || Failure::of("the export", "its pepper is damaged");
        made = made.with_pepper(pepper).ok_or_else(damaged)?;
    }
    let mut ring = rooms.ring(&made).await.map_err(failed)?;
    let mut note = None;
    if let Some(pepper) = pepper
        && let Some(fitted) = fitted(&ring, pepper, &*rooms.store).await?
    {
        rooms.replace_ring(&fitted).await.map_err(failed)?;
        (ring, note) = (fitted, Some(RESTART));
    }
    Ok(House {
        pepper: ring.pepper_text(),
        vault: rooms.vault(ring),
        store: rooms.store.clone(),
        queue: rooms.queue.clone(),
        clock: Arc::clone(&rooms.clock),
        ids: Arc::clone(&rooms.ids),
        key_prefix: rooms.key_prefix(),
        note,
        embedded: None,
        _snapshot: None,
    })
}
