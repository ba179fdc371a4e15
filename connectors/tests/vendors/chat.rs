//! Chat rooms against the practice world.

use munshi_connectors::chat::{Chat, Room};
use munshi_connectors::outcome::{Hint, Outcome};
use munshi_connectors::transport::{Body, Button, Channel, Envelope, MessageTransport};

use crate::support::*;

fn note() -> Envelope {
    let button = |title: &str, payload: &str| Button { title: title.to_owned(), payload: payload.to_owned() };
    let buttons = vec![button("Approve", "https://shop.example/a/1"), button("No link", "cod:confirm")];
    let body = Body::Interactive { text: "WEB-1001 <b> & آرڈر waits".to_owned(), buttons };
    Envelope { subject: Some("Please decide".to_owned()), to: String::new(), ..envelope(Channel::Chat, body) }
}

#[tokio::test]
async fn not_04_slack_and_teams_take_the_note_with_its_links() {
    let practice = practice().await;
    for (room, path) in [(Room::Slack, "slack"), (Room::Teams, "teams")] {
        let url = |token: &str| secret(&format!("{}/{path}/{token}", practice.running.base_url()));
        let chat = Chat::new(practice.http.clone(), room, url(&practice.settings.chat_token), bounds());
        assert_eq!(chat.send(&note(), now()).await.class(), "ok", "{path}");
        let stranger = Chat::new(practice.http.clone(), room, url("canary-token"), bounds());
        let Outcome::Permanent { hint, text, .. } = stranger.send(&note(), now()).await else { panic!("{path}") };
        assert_eq!(hint, Hint::FixConnection);
        assert!(!text.contains("canary"));
        for (kind, class) in [("429", "rate_limited"), ("reset-after", "unknown"), ("500", "unknown")] {
            practice.fault(path, kind, 1, 1_000).await;
            assert_eq!(chat.send(&note(), now()).await.class(), class, "{path} {kind}");
        }
    }
    let received = practice.state("received").await;
    let bodies: Vec<&str> = received.as_array().unwrap().iter().map(|r| r["body"].as_str().unwrap()).collect();
    assert!(
        bodies[0].contains("&lt;b&gt; &amp; آرڈر") && bodies[0].contains("https://shop.example/a/1"),
        "{}",
        bodies[0]
    );
    assert!(bodies.iter().all(|body| !body.contains("cod:confirm")), "what is no link is no button");
}
