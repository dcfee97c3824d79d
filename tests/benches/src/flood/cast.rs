//! Processes of a flood beside the server, which last for all attacks.

use std::{path::Path, time::Duration};

use super::{
    attacker::{Plan, Tally},
    hostile::{Order, Received},
    quiet::{Pace, Watch, Watched},
};
use crate::{
    clock,
    failure::Failure,
    processes::{Helper, Program, Server},
};

/// Interval at which hostile receivers are asked whether anything still arrives.
const LOOK: Duration = Duration::from_millis(250);
/// Looks without an arrival after which nothing is under way any more.
const CALM: u32 = 6;
/// Longest time for a backlog to be worked off.
const PATIENCE: Duration = Duration::from_mins(3);

/// Processes beside the server.
pub(super) struct Cast {
    pub(super) program: Program,
    quiet: Helper,
    pub(super) hostile: Helper,
    names: Helper,
    attacker: Helper,
    watch: Duration,
}

impl Cast {
    /// Starts the processes; the neighbour is watched for `watch` at a time.
    pub(super) async fn start(program: Program, watch: Duration) -> Result<Self, Failure> {
        Ok(Self {
            quiet: program.helper("quiet").await?,
            hostile: program.helper("hostile").await?,
            names: program.helper("names").await?,
            attacker: program.helper("attacker").await?,
            program,
            watch,
        })
    }

    /// Starts a server with its usual limits, which asks the hostile name server.
    pub(super) async fn server(&self, directory: &Path) -> Result<Server, Failure> {
        let names = self.names.address.to_string();
        self.program.serve_with(directory, &["--name-servers", &names]).await
    }

    /// Host of the neighbour's receiver.
    pub(super) fn host(&self) -> String {
        format!("calm.test:{}", self.quiet.address.port())
    }

    /// Lets the neighbour do what it does for a while.
    pub(super) async fn watch(
        &mut self,
        server: &Server,
        paces: &[Pace],
    ) -> Result<Watched, Failure> {
        let millis = u64::try_from(self.watch.as_millis()).unwrap_or(u64::MAX);
        let order = Watch { to: server.address, millis, paces: paces.to_vec() };
        self.quiet.order(&order).await
    }

    /// Tells the attacker what it will do.
    pub(super) async fn plan(&mut self, plan: &Plan) -> Result<(), Failure> {
        self.attacker.order::<Tally>(plan).await.map(drop)
    }

    /// Begins the attack.
    pub(super) async fn go(&mut self) -> Result<(), Failure> {
        self.names.order::<Received>(&Order::Go).await?;
        self.hostile.order::<Received>(&Order::Go).await?;
        self.attacker.order::<Tally>(&Order::Go).await.map(drop)
    }

    /// Ends the attack, and waits until nothing of it is under way any more; returns the answers
    /// so far.
    pub(super) async fn stop(&mut self) -> Result<Tally, Failure> {
        let tally = self.attacker.order::<Tally>(&Order::Stop).await?;
        self.names.order::<Received>(&Order::Stop).await?;
        let mut arrived = self.hostile.order::<Received>(&Order::Stop).await?.arrived;
        let (began, mut calm) = (clock::monotonic(), 0);
        while calm < CALM && clock::elapsed(began) < PATIENCE {
            clock::sleep(LOOK).await;
            let now = self.hostile.order::<Received>(&Order::Tell).await?.arrived;
            // Retries trickle in; a backlog does not.
            calm = if now > arrived + 1 { 0 } else { calm + 1 };
            arrived = now;
        }
        Ok(tally)
    }
}
