use std::sync::Arc;
#[tokio::test]
async fn make() {
    use contracts::ManualClock;
    let clock = Arc::new(ManualClock::default());
    for n in 0..2u64 {
        let ids = Arc::new(simulation::SeededIds::seeded(5 + n));
        let disk = Arc::new(simulation::Memory::new(clock.clone()));
        let ring = sealed::KeyRing::generate(&*ids);
        let pepper = ring.pepper_text();
        let vault = sealed::SealedVault::new(disk.clone(), ids.clone(), ring);
        let ports = moving::Ports {
            store: &*disk,
            queue: &*disk,
            vault: &vault,
            clock: clock.clone(),
            ids: &*ids,
        };
        let pass = domain::Secret::new("correct horse battery staple");
        let sealing = moving::Sealing {
            passphrase: &pass,
            cost: sealed::passphrase::Cost { memory: 8, passes: 1 },
            pepper: &pepper,
            key_prefix: "lh",
        };
        let mut file = Vec::new();
        moving::export(ports, &sealing, &mut file).await.unwrap();
        std::fs::write(format!("corpus/export_file/of-nothing-{n}"), file).unwrap();
    }
}
