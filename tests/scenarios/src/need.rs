//! What not every home can do.

/// Something a scenario needs that a deployed home does not have. This is the whole list: a
/// scenario that needs none of these runs everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// To kill, stop and restart the product, and to read its log and its files.
    Process,
    /// To start the product with settings of the scenario's own.
    Settings,
    /// To have the installation to itself.
    Installation,
    /// To reach the product's own server, with whatever bytes.
    Server,
}

impl Need {
    /// Why a deployed home can't meet it.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Process => "a deployment has no process of ours, no log and no file at hand",
            Self::Settings => "a deployment's settings are fixed when it is deployed",
            Self::Server => "in front of a deployment is a gateway, which refuses what is no HTTP",
            Self::Installation => {
                "event types are registered for a whole deployment, and other scenarios are using it"
            }
        }
    }
}
