//! Work on the operator's own account.

use super::Work;
use crate::{auth::Access, problem::Problem};

impl Work {
    /// Returns this work on the operator's own account, with the access to it; none if that is not open.
    ///
    /// # Errors
    /// When the backend is unavailable.
    pub(crate) async fn on_own(&self) -> Result<Option<(Self, Access)>, Problem> {
        let own = self.authority.on_own().await?;
        Ok(own.map(|(authority, access)| (Self { authority, ..self.clone() }, access)))
    }
}
