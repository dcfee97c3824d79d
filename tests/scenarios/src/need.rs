//! Capabilities that not every backend has.

/// Capability that a scenario needs and a deployed backend does not have. The list is complete: a
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
    /// To use a key's limit to the last request, with the exact remainder in each answer.
    WholeLimit,
    /// To have what was looked for too early looked for again within seconds.
    SoonAgain,
    /// To repeat an answered request without sending its messages again.
    SentOnce,
}

impl Need {
    /// Reason why a deployed backend can't meet the need.
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
            Self::SoonAgain => {
                "its emulator takes seconds to accept a hundred events, and the message that came before \
                 waits in hops, of which each gathers others for 20 seconds"
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
