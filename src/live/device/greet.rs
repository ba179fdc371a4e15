//! `hello` of a device, and what becomes of its connection later: replaced, revoked, renewed.
//!
//! Invariant: the token says who, the floor says whether: enrolment and revocation are looked up at every `hello`, and
//! again whenever the journal brings an enrolment or a revocation.

use std::sync::Arc;

use munshi_domain::{
    UserId,
    floor::{Floor, Greeting, Hello, device::DeviceFault},
    user::SessionId,
};
use munshi_protocols::{
    client::{HelloDevice, Subscription, Token},
    code::{Close, Code},
    envelope::Refused,
    ids::{CmdSeq, FrameId},
    limits::ClientKind,
    server::{self, ServerBody, ServerFrame, Welcome},
};

use super::{
    super::{
        Live,
        greet::{Failed, bare_welcome},
        link::{Enrolment, Link, Principal},
    },
    Clocks,
};
use crate::services::device::{Bearer, Named};

/// A device that may come in.
#[derive(Debug)]
pub struct Greeted {
    bearer: Bearer,
    greeting: Greeting,
    install: String,
    app: String,
    subs: Vec<Subscription>,
    /// How its clocks stand.
    pub clock: Clocks,
}

const fn code_of(fault: DeviceFault) -> (Code, Close) {
    match fault {
        DeviceFault::Unknown => (Code::DeviceUnknown, Close::Revoked),
        DeviceFault::Revoked => (Code::DeviceRevoked, Close::Revoked),
        DeviceFault::Fenced => (Code::GenerationFenced, Close::Revoked),
        DeviceFault::AppTooOld => (Code::AppTooOld, Close::AppTooOld),
    }
}

/// What a token lets somebody do, now.
fn bearer(live: &Live, token: Option<&Token>) -> Result<Bearer, Code> {
    let bearer = token.and_then(|token| Bearer::of_token(live.tickets(), token.reveal())).ok_or(Code::TokenBad)?;
    if bearer.expires <= live.node().now() { Err(Code::TokenExpired) } else { Ok(bearer) }
}

/// Whether a device may come in.
///
/// # Errors
/// `token_bad`, `token_expired`, `device_unknown`, `device_revoked`, `generation_fenced`, `app_too_old`, `not_ready`.
pub async fn admit(live: &Live, id: Option<FrameId>, hello: HelloDevice) -> Result<Greeted, Failed> {
    let failed = |code, close| Failed::of(id, Refused::new(code), close);
    let bearer = bearer(live, hello.token.as_ref())
        .map_err(|code| failed(code, if code == Code::TokenExpired { Close::TokenExpired } else { Close::BadToken }))?;
    if bearer.named.device.as_str() != hello.client.as_str() {
        return Err(failed(Code::DeviceUnknown, Close::Revoked));
    }
    let generation = u32::try_from(hello.generation.get()).unwrap_or(u32::MAX);
    // A token of an older enrolment speaks for that one only, whatever the hello says.
    let generation = generation.min(bearer.generation);
    let (device, install, app) = (bearer.named.device.clone(), hello.install.to_string(), hello.app.to_string());
    let seq_next = hello.seq_next.get();
    let look = move |floor: &Floor, _: u64| {
        floor.greet(&device, &Hello { generation, install: &install, seq_next, app: &app })
    };
    let seen = live.node().read::<Floor, _>(bearer.named.warehouse.as_str(), look).await;
    let greeting = seen.map_err(|_| failed(Code::NotReady, Close::ServerError))?;
    let greeting = greeting.unwrap_or(Err(DeviceFault::Unknown)).map_err(|fault| {
        let (code, close) = code_of(fault);
        failed(code, close)
    })?;
    let (clock, install) = (Clocks::new(live.node().now(), hello.clock), hello.install.to_string());
    let app = hello.app.to_string();
    Ok(Greeted { bearer: Bearer { generation, ..bearer }, greeting, install, app, subs: hello.subs, clock })
}

/// Registers the connection in place of an older one of the same device, and welcomes it.
pub async fn enter(live: &Live, id: Option<FrameId>, greeted: Greeted) -> Arc<Link> {
    let Greeted { bearer: Bearer { named, generation, expires }, greeting, install, app, subs, clock } = greeted;
    let nobody = (UserId::from_u128(0), SessionId::from_u128(0));
    let principal = Principal { user: nobody.0, session: nobody.1, roles: Vec::new(), expires };
    let link = Link::new(live.next_connection(), ClientKind::Device, principal, live.now_ms());
    let skew_ms = i32::try_from(clock.skew_ms()).unwrap_or(if clock.skew_ms() < 0 { i32::MIN } else { i32::MAX });
    let enrolment = Enrolment { named: named.clone(), generation, install, app, skew_ms, since: live.node().now() };
    let link = Arc::new(link.of_device(enrolment));
    if let Some(older) = live.presence().enter_device(&named, &link) {
        older.close(Close::Replaced);
    }
    live.watch().touch([named.clone()]);
    metrics::histogram!("munshi_live_device_skew_seconds").record(clock.skew_ms().unsigned_abs() as f64 / 1e3);
    let (Greeting::Welcome { expect } | Greeting::Rebase { expect }) = greeting;
    let expect = CmdSeq::new(expect).ok();
    if let (Greeting::Rebase { .. }, Some(expect)) = (greeting, expect) {
        link.push(ServerBody::Err(server::Err::of(Code::Rebase).expecting(expect)));
    }
    let ack = expect.and_then(|expect| CmdSeq::new(expect.get().saturating_sub(1)).ok());
    let welcome = Welcome { ack, expect, ..bare_welcome(live, &link, &subs).await };
    link.reply(&ServerFrame::answer(id, ServerBody::Welcome(Box::new(welcome))));
    // It may have been revoked after the floor was asked and before it was registered here.
    look_again(live, &named).await;
    link
}

/// Takes a fresh token of the same enrolment.
///
/// # Errors
/// `token_bad`, `token_expired`.
pub fn renew(live: &Live, link: &Link, token: &Token) -> Result<(), Code> {
    let bearer = bearer(live, Some(token))?;
    let own = link.device().is_some_and(|own| own.named == bearer.named && own.generation == bearer.generation);
    if !own {
        return Err(Code::TokenBad);
    }
    link.set_principal(Principal { expires: bearer.expires, ..link.principal() });
    Ok(())
}

/// Holds the connection of a device against its enrolment as it is now.
pub async fn look_again(live: &Live, named: &Named) {
    let Some(link) = live.presence().of_device(named) else { return };
    let Some(generation) = link.device().map(|device| device.generation) else { return };
    let device = named.device.clone();
    let look = move |floor: &Floor, _: u64| floor.device(&device).ok_or(DeviceFault::Unknown)?.admit(generation);
    match live.node().read::<Floor, _>(named.warehouse.as_str(), look).await {
        // Who cannot be checked is not let go on; it connects again and is checked then.
        Err(_) => link.close(Close::ServerError),
        Ok(seen) => {
            if let Err(fault) = seen.unwrap_or(Err(DeviceFault::Unknown)) {
                let (code, close) = code_of(fault);
                link.close_for(code, close);
            }
        }
    }
}
