//! The tables of the flows receive, put-away, move, count and return, in the numbers of warehouse-floor.md §7.
//!
//! A row is what one accepted input does: the event named is the fact it writes, or `SessionMoved` when it only goes on.
//! Every flow is left from any state by `Suspend` or `Choose`; those rows are not repeated here.

use crate::table::{Edge, Machine};

const fn edge(from: &'static str, command: &'static str, event: &'static str, to: &'static str) -> Edge {
    Edge { from, command, event, to }
}

/// 7.2 Receive: plate first, or item first (then the plate comes last and writes the fact).
pub const FLOW_RECEIVE: Machine = Machine {
    id: "7.2",
    name: "receive",
    states: &["PickDoc", "Dock", "Lpn", "Item", "Tracking", "Qty", "Condition", "LineDone", "Close", "Staged"],
    terminal: &[],
    edges: &[
        edge("-", "Choose", "SessionMoved", "PickDoc"),
        edge("PickDoc", "Scan", "DocJoined", "Dock"),
        edge("PickDoc", "Scan", "DocJoined", "Lpn"),
        edge("PickDoc", "Scan", "DocJoined", "Item"),
        edge("PickDoc", "Scan", "DocJoined", "Condition"),
        edge("Dock", "Scan", "DocJoined", "Lpn"),
        edge("Dock", "Scan", "DocJoined", "Item"),
        edge("Dock", "Scan", "DocJoined", "Condition"),
        edge("Lpn", "Scan", "SessionMoved", "Item"),
        edge("Lpn", "Scan", "SessionMoved", "Condition"),
        edge("Lpn", "Scan", "Received", "LineDone"),
        edge("Lpn", "Scan", "ApprovalRaised", "LineDone"),
        edge("Lpn", "CreatePlate", "SessionMoved", "Item"),
        edge("Lpn", "CreatePlate", "Received", "LineDone"),
        edge("Lpn", "CreatePlate", "ApprovalRaised", "LineDone"),
        edge("Lpn", "Close", "SessionMoved", "Close"),
        edge("Item", "Scan", "SessionMoved", "Tracking"),
        edge("Item", "Scan", "SessionMoved", "Qty"),
        edge("Item", "Close", "SessionMoved", "Close"),
        edge("Tracking", "Scan", "SessionMoved", "Tracking"),
        edge("Tracking", "Scan", "SessionMoved", "Qty"),
        edge("Tracking", "Expiry", "SessionMoved", "Tracking"),
        edge("Tracking", "Expiry", "SessionMoved", "Qty"),
        edge("Tracking", "Next", "SessionMoved", "Qty"),
        edge("Qty", "Quantity", "SessionMoved", "Condition"),
        edge("Qty", "Next", "SessionMoved", "Condition"),
        edge("Condition", "Condition", "SessionMoved", "Lpn"),
        edge("Condition", "Condition", "Received", "LineDone"),
        edge("Condition", "Condition", "ApprovalRaised", "LineDone"),
        edge("LineDone", "Next", "SessionMoved", "Lpn"),
        edge("LineDone", "Next", "SessionMoved", "Item"),
        edge("LineDone", "Scan", "SessionMoved", "Item"),
        edge("LineDone", "Scan", "SessionMoved", "Condition"),
        edge("LineDone", "Close", "SessionMoved", "Close"),
        edge("Close", "Next", "SessionMoved", "Lpn"),
        edge("Close", "Next", "SessionMoved", "Item"),
        edge("Close", "Confirm", "DocClosed", "Staged"),
        edge("Staged", "Next", "SessionMoved", "PickDoc"),
    ],
};

/// 7.3 Put-away: plate first, or location first.
pub const FLOW_PUT_AWAY: Machine = Machine {
    id: "7.3",
    name: "put-away",
    states: &["Lpn", "Suggested", "LocationScan", "CheckDigits", "Done"],
    terminal: &[],
    edges: &[
        edge("-", "Choose", "SessionMoved", "Lpn"),
        edge("-", "Choose", "SessionMoved", "LocationScan"),
        edge("Lpn", "Scan", "SessionMoved", "Suggested"),
        edge("Lpn", "Scan", "SessionMoved", "LocationScan"),
        edge("Lpn", "Scan", "SessionMoved", "CheckDigits"),
        edge("Lpn", "Scan", "Stored", "Done"),
        edge("Suggested", "Next", "SessionMoved", "LocationScan"),
        edge("Suggested", "Scan", "SessionMoved", "CheckDigits"),
        edge("Suggested", "Scan", "Stored", "Done"),
        edge("Suggested", "Override", "SessionMoved", "CheckDigits"),
        edge("Suggested", "Override", "Stored", "Done"),
        edge("Suggested", "Split", "GoodsMoved", "Suggested"),
        edge("LocationScan", "Scan", "SessionMoved", "Lpn"),
        edge("LocationScan", "Scan", "SessionMoved", "CheckDigits"),
        edge("LocationScan", "Scan", "Stored", "Done"),
        edge("LocationScan", "Override", "SessionMoved", "CheckDigits"),
        edge("LocationScan", "Override", "Stored", "Done"),
        edge("LocationScan", "Split", "GoodsMoved", "Suggested"),
        edge("LocationScan", "Split", "GoodsMoved", "LocationScan"),
        edge("CheckDigits", "Scan", "Stored", "Done"),
        edge("CheckDigits", "Quantity", "Stored", "Done"),
        edge("Done", "Next", "SessionMoved", "Lpn"),
        edge("Done", "Next", "SessionMoved", "LocationScan"),
    ],
};

/// 8 Move and replenish: source first, or item first.
pub const FLOW_MOVE: Machine = Machine {
    id: "8",
    name: "move",
    states: &["Source", "Item", "Qty", "LocationScan", "CheckDigits", "Done"],
    terminal: &[],
    edges: &[
        edge("-", "Choose", "SessionMoved", "Source"),
        edge("-", "Choose", "SessionMoved", "Item"),
        edge("Source", "GetWork", "SessionMoved", "Source"),
        edge("Item", "GetWork", "SessionMoved", "Item"),
        edge("Source", "Scan", "SessionMoved", "Item"),
        edge("Source", "Scan", "SessionMoved", "Qty"),
        edge("Source", "Scan", "SessionMoved", "LocationScan"),
        edge("Item", "Scan", "SessionMoved", "Source"),
        edge("Item", "Scan", "SessionMoved", "Qty"),
        edge("Qty", "Scan", "SessionMoved", "Qty"),
        edge("Qty", "Quantity", "SessionMoved", "LocationScan"),
        edge("LocationScan", "Scan", "SessionMoved", "CheckDigits"),
        edge("LocationScan", "Scan", "GoodsMoved", "Done"),
        edge("LocationScan", "Scan", "Stored", "Done"),
        edge("LocationScan", "Override", "SessionMoved", "CheckDigits"),
        edge("LocationScan", "Override", "GoodsMoved", "Done"),
        edge("LocationScan", "Override", "Stored", "Done"),
        edge("CheckDigits", "Scan", "GoodsMoved", "Done"),
        edge("CheckDigits", "Scan", "Stored", "Done"),
        edge("CheckDigits", "Quantity", "GoodsMoved", "Done"),
        edge("CheckDigits", "Quantity", "Stored", "Done"),
        edge("Done", "Next", "SessionMoved", "Source"),
        edge("Done", "Next", "SessionMoved", "Item"),
    ],
};

/// 7.7 Count, as a device goes through it. Approval is the office's: it accepts the count or has it made again.
pub const FLOW_COUNT: Machine = Machine {
    id: "7.7",
    name: "count",
    states: &["Task", "Loc", "Lines", "Accepted", "Recount", "Approval"],
    terminal: &[],
    edges: &[
        edge("-", "Choose", "SessionMoved", "Task"),
        edge("Task", "GetWork", "CountStarted", "Loc"),
        edge("Task", "Scan", "CountStarted", "Loc"),
        edge("Task", "Scan", "CountStarted", "Lines"),
        edge("Loc", "Scan", "CountStarted", "Lines"),
        edge("Lines", "Scan", "SessionMoved", "Lines"),
        edge("Lines", "Quantity", "SessionMoved", "Lines"),
        edge("Lines", "Submit", "CountAccepted", "Accepted"),
        edge("Lines", "Submit", "Counted", "Recount"),
        edge("Lines", "Submit", "ApprovalRaised", "Approval"),
        edge("Lines", "Nothing", "CountAccepted", "Accepted"),
        edge("Lines", "Nothing", "Counted", "Recount"),
        edge("Lines", "Nothing", "ApprovalRaised", "Approval"),
        edge("Accepted", "Next", "SessionMoved", "Task"),
        edge("Recount", "Next", "SessionMoved", "Task"),
        edge("Approval", "Next", "SessionMoved", "Task"),
    ],
};

/// 7.8 Return.
pub const FLOW_RETURN: Machine = Machine {
    id: "7.8",
    name: "return",
    states: &["Rma", "Item", "Tracking", "Grade", "Disposition", "Lpn", "PutAway"],
    terminal: &[],
    edges: &[
        edge("-", "Choose", "SessionMoved", "Rma"),
        edge("Rma", "Scan", "SessionMoved", "Item"),
        edge("Item", "Scan", "SessionMoved", "Tracking"),
        edge("Item", "Scan", "SessionMoved", "Grade"),
        edge("Tracking", "Scan", "SessionMoved", "Tracking"),
        edge("Tracking", "Scan", "SessionMoved", "Grade"),
        edge("Tracking", "Expiry", "SessionMoved", "Tracking"),
        edge("Tracking", "Expiry", "SessionMoved", "Grade"),
        edge("Grade", "Quantity", "SessionMoved", "Grade"),
        edge("Grade", "Grade", "SessionMoved", "Disposition"),
        edge("Disposition", "Disposition", "SessionMoved", "Lpn"),
        edge("Lpn", "Scan", "Returned", "PutAway"),
        edge("Lpn", "CreatePlate", "Returned", "PutAway"),
        edge("PutAway", "Next", "SessionMoved", "Item"),
    ],
};

#[cfg(test)]
mod tests {
    #[test]
    fn the_tables_of_the_flows_are_sound() {
        for machine in
            [super::FLOW_RECEIVE, super::FLOW_PUT_AWAY, super::FLOW_MOVE, super::FLOW_COUNT, super::FLOW_RETURN]
        {
            assert_eq!(machine.faults(), Vec::<String>::new());
        }
    }
}
