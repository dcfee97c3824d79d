//! Places of a key ring, and of what is under it.

use std::{path::PathBuf, time::Duration};

use app::resealing::{Usage, usage};
use domain::Timestamp;
use embedded::{SystemClock, SystemIds};
use ports::{Clock as _, Ids};
use sealed::{
    KeyRing,
    ring_file::{self, RingFileError},
};
use standalone::ring_file as ring_of;

use super::At;
use crate::{
    backends::{self, Address},
    context::Context,
    failure::Failure,
};

/// Place of a key ring.
pub(super) enum Place {
    /// Data directory, whose server may be running.
    Directory(PathBuf),
    /// Deployment on AWS.
    #[cfg(feature = "aws")]
    Aws(Box<lambda::backend::Deployment>),
}

impl Place {
    #[cfg_attr(not(feature = "aws"), expect(clippy::unused_async, reason = "with AWS it awaits"))]
    pub(super) async fn of(at: &At, context: &Context) -> Result<Self, Failure> {
        if at.aws {
            #[cfg(not(feature = "aws"))]
            return Err(backends::without_aws());
            #[cfg(feature = "aws")]
            return Ok(Self::Aws(Box::new(backends::deployment(context).await?)));
        }
        let directory = crate::commands::data_dir(at.data_dir.as_ref(), context);
        if !directory.is_dir() {
            let why = format!("{} is not a data directory", directory.display());
            return Err(Failure::Usage(why));
        }
        Ok(Self::Directory(directory))
    }

    /// Returns the ring.
    #[cfg_attr(not(feature = "aws"), expect(clippy::unused_async, reason = "with AWS it awaits"))]
    pub(super) async fn ring(&self) -> Result<KeyRing, Failure> {
        match self {
            Self::Directory(path) => ring_file::load(&ring_of(path)).map_err(Failure::from),
            #[cfg(feature = "aws")]
            Self::Aws(deployment) => {
                let made = KeyRing::generate(&*deployment.ids);
                deployment.ring(&made).await.map_err(|why| Failure::of("the key ring", why))
            }
        }
    }

    /// Changes the ring, and returns it.
    #[cfg_attr(not(feature = "aws"), expect(clippy::unused_async, reason = "with AWS it awaits"))]
    pub(super) async fn change(
        &self,
        #[cfg_attr(not(feature = "aws"), expect(unused_variables, reason = "names it on AWS"))]
        name: &str,
        change: impl FnOnce(&mut KeyRing, &dyn Ids) -> Result<(), Failure>,
    ) -> Result<KeyRing, Failure> {
        let ids = SystemIds::new();
        match self {
            Self::Directory(path) => {
                ring_file::change(&ring_of(path), &ids, |ring| change(ring, &ids))
            }
            #[cfg(feature = "aws")]
            Self::Aws(deployment) => {
                let mut ring = self.ring().await?;
                let name = format!("latchhook-key-ring-{name}-{}", ring.name());
                change(&mut ring, &ids)?;
                let changed = deployment.change_ring(&ring, &name).await;
                changed.map_err(|why| Failure::of("the key ring", why))?;
                Ok(ring)
            }
        }
    }

    /// Counts what is under an older key or pepper.
    pub(super) async fn usage(&self, context: &Context) -> Result<Usage, Failure> {
        let counted = match self {
            Self::Directory(path) => {
                let address = Address::Directory(path.clone());
                let backend = backends::open_to_read(&address, context).await?;
                let ports = backend.ports();
                let counted = usage(ports.store, ports.vault).await;
                backend.close().await;
                counted
            }
            #[cfg(feature = "aws")]
            Self::Aws(deployment) => {
                let vault = deployment.vault(self.ring().await?);
                usage(&*deployment.store, &*vault).await
            }
        };
        counted.map_err(|problem| Failure::of("counting", problem.message))
    }

    /// Returns the time before its first use at which a new key has to be in the ring.
    pub(super) const fn notice(&self) -> Duration {
        match self {
            Self::Directory(_) => Duration::ZERO,
            #[cfg(feature = "aws")]
            Self::Aws(_) => sealed::NOTICE,
        }
    }

    /// Says what follows a rotation from which the new key and pepper are used `from` then on.
    pub(super) fn rotated(&self, from: Timestamp) -> String {
        match self {
            Self::Directory(path) => format!(
                "{} has a new key and a new pepper since {from}. The server brings everything under \
                 them; copy the file again, beside the copy that you have",
                ring_of(path).display()
            ),
            #[cfg(feature = "aws")]
            Self::Aws(_) => format!(
                "the key ring has a new key and a new pepper, which are used from {from}. Run \
                 `latchhook key-ring reseal` then"
            ),
        }
    }

    #[expect(clippy::unused_self, reason = "every place has the time of this machine")]
    pub(super) fn now(&self) -> Timestamp {
        SystemClock::new().now()
    }
}

impl From<RingFileError> for Failure {
    fn from(why: RingFileError) -> Self {
        Self::because("the key ring", &why)
    }
}
