use super::*;

const ZERO: Duration = Duration::ZERO;

fn asker(number: u128) -> Asker {
    Asker::Account(domain::id::Ulid::from(number).into())
}

fn found(ttl: u32) -> Found {
    Found { addresses: Ok(vec![[10, 0, 0, 1].into()]), ttl: Some(ttl) }
}

fn nothing(ttl: Option<u32>) -> Found {
    Found { addresses: Err(Unresolved::NoAddress), ttl }
}

/// For how many seconds `found` is remembered.
fn remembered(found: &Found) -> u64 {
    let cache = Cache::default();
    cache.put(asker(1), "a.test", found, ZERO);
    let is_known =
        |second: &u64| cache.get(asker(1), "a.test", Duration::from_secs(*second)).is_some();
    (0..1000).take_while(is_known).count() as u64
}

#[test]
fn an_address_is_remembered_for_its_time_to_live_and_five_minutes_at_most() {
    assert_eq!(remembered(&found(0)), 0);
    assert_eq!(remembered(&found(7)), 7);
    assert_eq!(remembered(&found(86_400)), 300);
}

#[test]
fn what_is_not_there_is_remembered_briefly() {
    assert_eq!(remembered(&nothing(Some(0))), 1);
    assert_eq!(remembered(&nothing(Some(5))), 5);
    assert_eq!(remembered(&nothing(Some(900))), 10);
    assert_eq!(remembered(&nothing(None)), 1);
    let silence = Found { addresses: Err(Unresolved::NoAnswer), ttl: None };
    assert_eq!(remembered(&silence), 1);
}

#[test]
fn answers_of_one_asker_are_not_anothers() {
    let cache = Cache::default();
    cache.put(asker(1), "a.test", &found(60), ZERO);
    assert_eq!(cache.get(asker(2), "a.test", ZERO), None);
    assert_eq!(cache.get(Asker::Operator, "a.test", ZERO), None);
    assert_eq!(cache.get(asker(1), "b.test", ZERO), None);
    assert_eq!(cache.get(asker(1), "a.test", ZERO), Some(found(60).addresses));
    cache.clear();
    assert_eq!(cache.get(asker(1), "a.test", ZERO), None);
}

fn is_known(cache: &Cache, number: u128, name: usize) -> bool {
    cache.get(asker(number), &format!("{name}.test"), ZERO).is_some()
}

fn fill(cache: &Cache, number: u128, names: usize) {
    for name in 0..names {
        cache.put(asker(number), &format!("{name}.test"), &found(60), ZERO);
    }
}

#[test]
fn an_asker_with_many_names_pushes_out_only_its_own() {
    let cache = Cache::default();
    cache.put(asker(2), "0.test", &found(5), ZERO);
    fill(&cache, 1, 10_000);
    assert!(is_known(&cache, 2, 0));
    assert!(is_known(&cache, 1, 9_999));
    assert_eq!((0..10_000).filter(|name| is_known(&cache, 1, *name)).count(), MOST_OF_ONE);
}

#[test]
fn askers_together_are_bounded_and_what_ran_out_makes_room() {
    let cache = Cache::default();
    for number in 0..100 {
        fill(&cache, number, MOST_OF_ONE);
    }
    let kept = |cache: &Cache| cache.state().of.values().map(HashMap::len).sum::<usize>();
    assert_eq!((kept(&cache), cache.state().kept), (MOST, MOST));
    let later = Duration::from_secs(61);
    cache.put(asker(1000), "a.test", &found(60), later);
    assert!(cache.get(asker(1000), "a.test", later).is_some());
    assert_eq!((kept(&cache), cache.state().kept), (1, 1));
}
