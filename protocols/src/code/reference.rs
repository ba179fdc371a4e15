//! The page of codes, `docs/SOCKET-CODES.md`.

use std::fmt::Write as _;

use super::{Beep, Close, Reaction, Retry, Row, tables};

const RANGES: &[(u16, &str)] = &[
    (1, "Protocol"),
    (2, "Identity and permission"),
    (3, "Flow"),
    (4, "Scans and GS1"),
    (5, "Work flows"),
    (6, "Server"),
];

/// The page, made from the tables.
pub fn reference() -> String {
    let mut page = String::from(
        "# Codes of the socket protocol\n\nMade from `protocols/src/code`; do not edit. Clients act on `retry` and on the \
         code, never on the text. Codes and numbers are never used again.\n",
    );
    let rows: Vec<&Row> = tables().iter().flat_map(|table| table.iter()).collect();
    for (thousand, title) in RANGES {
        let mut range: Vec<_> = rows.iter().filter(|row| row.num / 1000 == *thousand).collect();
        range.sort_by_key(|row| row.num);
        if range.is_empty() {
            continue;
        }
        let _ = write!(
            page,
            "\n## {thousand}xxx {title}\n\n| number | code | retry | beep | meaning |\n|---|---|---|---|---|\n"
        );
        for row in range {
            let beep = row.beep.map_or("", beep_word);
            let _ =
                writeln!(page, "| {} | `{}` | {} | {beep} | {} |", row.num, row.code, retry_word(row.retry), row.text);
        }
    }
    page.push_str("\n## Close codes\n\n| number | meaning | the client |\n|---|---|---|\n");
    for close in Close::ALL {
        let _ =
            writeln!(page, "| {} | {} | {} |", close.num(), close.text(), reaction_words(Reaction::to(close.num())));
    }
    page.push_str(
        "| 1002, 1003, 1007, 1009 | raised by the WebSocket layer | stops and tells the user |\n\nAn unknown number from \
         4000 to 4499, or any other, reconnects; from 4500 to 4999 it stops.\n",
    );
    page
}

const fn retry_word(retry: Retry) -> &'static str {
    match retry {
        Retry::No => "no",
        Retry::Later => "later",
        Retry::Reauth => "reauth",
        Retry::Resync => "resync",
        Retry::UpdateApp => "update_app",
    }
}

const fn beep_word(beep: Beep) -> &'static str {
    match beep {
        Beep::Ok => "ok",
        Beep::Confirm => "confirm",
        Beep::Stop => "stop",
    }
}

const fn reaction_words(reaction: Reaction) -> &'static str {
    match reaction {
        Reaction::Reconnect => "reconnects with jitter and resumes",
        Reaction::Reauth => "gets a fresh token, then reconnects",
        Reaction::Stop => "stops and tells the user",
    }
}
