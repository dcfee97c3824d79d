//! What not every backend can do.

/// Something a scenario needs that a deployed backend does not have. This is the whole list: a
/// scenario that needs none of these runs everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// To kill, stop and restart the product, and to read its log and its files.
    Process,
    /// To start the product with settings of the scenario's own.
    Settings,
    /// To have the installation to itself.
    Installation,
    /// To reach the product's own server, with whatever bytes and however large.
    Server,
    /// To read the product's metrics over HTTP.
    Metrics,
    /// Slots of the retry schedule within one second.
    FineSlots,
    /// That a key can use its limit to the last request, and each answer says exactly what is left.
    WholeLimit,
    /// That a repeat of a request that was answered sends nothing again.
    SentOnce,
}

impl Need {
    /// Why a deployed backend can't meet it.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Process => "a deployment has no process of ours, no log and no file at hand",
            Self::Settings => "a deployment's settings are fixed when it is deployed",
            Self::Server => "in front of a deployment is a gateway, which has limits of its own",
            Self::Metrics => "the metrics of a deployment are where the cloud keeps them",
            Self::FineSlots => {
                "its queues delay by whole seconds, so that closer slots fall together"
            }
            Self::WholeLimit => {
                "its processes lease a limit in blocks, and what one has leased and not used is lost \
                 to the others until the minute ends"
            }
            Self::SentOnce => {
                "sending is not part of its commits: a repeat sends again, for the case that the \
                 first request ended between the two"
            }
            Self::Installation => {
                "event types are registered for a whole deployment, and other scenarios are using it"
            }
        }
    }
}
