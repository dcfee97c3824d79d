//! The rules of an operator token.

use std::collections::BTreeSet;

use latchhook_domain::{
    OperatorScope, OperatorScopes, Timestamp,
    operator_token::{
        Command, Created, Ended, OperatorToken, OperatorTokenEvent, Rejection, Shown, Standing,
    },
};

use crate::specification::{Specification, minute};

fn given(events: impl IntoIterator<Item = OperatorTokenEvent>) -> Specification<OperatorToken> {
    Specification::given(events)
}

fn token(
    scopes: impl IntoIterator<Item = OperatorScope>,
    expires_at: Option<Timestamp>,
) -> Created {
    Created {
        id: "optk_01kg9gk8g0000000000000000f".parse().unwrap(),
        name: "gateway".to_owned(),
        scopes: scopes.into_iter().collect(),
        fingerprint: "9f86d081".to_owned(),
        expires_at,
    }
}

fn verifier() -> Created {
    token([OperatorScope::KeysVerify], None)
}

fn create(token: Created, maker: OperatorScopes) -> Command {
    Command::Create { token, maker }
}

fn some(scopes: impl IntoIterator<Item = OperatorScope>) -> OperatorScopes {
    OperatorScopes::Some(scopes.into_iter().collect())
}

#[test]
fn whoever_has_all_scopes_makes_any_token_once() {
    let all = token(OperatorScope::ALL.iter().copied(), None);
    given([]).when(create(all.clone(), OperatorScopes::All)).then([all.into()]);
    given([verifier().into()])
        .when(create(verifier(), OperatorScopes::All))
        .then_rejected(Rejection::AlreadyCreated);
}

#[test]
fn nobody_makes_a_token_with_scopes_they_lack() {
    use OperatorScope::{KeysRead, KeysVerify, OperatorTokensWrite};
    let maker = || some([KeysVerify, OperatorTokensWrite]);
    given([]).when(create(verifier(), maker())).then([verifier().into()]);
    given([])
        .when(create(token([KeysVerify, KeysRead], None), maker()))
        .then_rejected(Rejection::BeyondMaker);
    given([]).when(create(verifier(), some([]))).then_rejected(Rejection::BeyondMaker);
}

#[test]
fn a_token_has_a_scope_and_does_not_expire_in_the_past() {
    let all = || OperatorScopes::All;
    given([]).when(create(token([], None), all())).then_rejected(Rejection::NoScopes);
    for (at, is_past) in [(minute(0), true), (minute(1), true), (minute(2), false)] {
        let short = token([OperatorScope::KeysVerify], Some(at));
        let outcome = given([]).when(create(short.clone(), all()));
        if is_past {
            outcome.then_rejected(Rejection::InThePast);
        } else {
            outcome.then([short.into()]);
        }
    }
}

#[test]
fn a_token_is_ended_once_and_for_good() {
    let ended = given([verifier().into()]).when(Command::End).then([Ended {}.into()]);
    let token = ended.state();
    assert_eq!(token.ended_at, Some(minute(1)));
    for at in [minute(1), minute(9)] {
        assert_eq!(token.standing(at), Standing::Ended);
    }
    given([verifier().into(), Ended {}.into()]).when(Command::End).then_nothing_happened();
    given([]).when(Command::End).then_rejected(Rejection::NotFound);
}

#[test]
fn a_token_stops_at_the_instant_it_expires() {
    let short = token([OperatorScope::KeysVerify], Some(minute(5)));
    let state = given([short.into()]).state();
    assert_eq!(state.standing(minute(4)), Standing::Active);
    assert_eq!(state.standing(minute(5)), Standing::Expired);
    assert_eq!(given([verifier().into()]).state().standing(Timestamp::MAX), Standing::Active);
}

#[test]
fn showing_it_again_is_recorded_and_changes_nothing() {
    let before = given([verifier().into()]).state();
    let after = given([verifier().into()]).when(Command::Show).then([Shown {}.into()]).state();
    assert_eq!(before, after);
}

#[test]
fn only_ending_takes_authority_away() {
    assert!(given([verifier().into()]).when(Command::End).revokes());
    assert!(!given([verifier().into(), Ended {}.into()]).when(Command::End).revokes());
    assert!(!given([verifier().into()]).when(Command::Show).revokes());
}

#[test]
fn scopes_are_those_that_are_listed_or_all() {
    let verify = OperatorScope::KeysVerify;
    let both: BTreeSet<_> = [verify, OperatorScope::KeysRead].into();
    assert!(OperatorScopes::All.have(verify) && OperatorScopes::All.have_all(&both));
    let one = some([verify]);
    assert!(one.have(verify) && !one.have(OperatorScope::KeysRead) && !one.have_all(&both));
    assert_eq!(one.list(), [verify]);
    assert_eq!(OperatorScopes::All.list(), OperatorScope::ALL);
}
