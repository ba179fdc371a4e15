//! Transition tables as data: the code, the tests, the docs and the consoles read the same rows
//! (style.md convention 10, state-machines.md §1.6).

/// One row: `from` any of these states, on `command`, emits `event` and goes to `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// State before; `"-"` means the record does not exist yet.
    pub from: &'static str,
    /// Command name, or `"(derived)"` / `"(timer)"` followed by the command.
    pub command: &'static str,
    /// Event name.
    pub event: &'static str,
    /// State after.
    pub to: &'static str,
}

/// A machine: its number in state-machines.md, its states, its terminal states and its edges.
#[derive(Clone, Copy, Debug)]
pub struct Machine {
    /// `SM-02` and so on.
    pub id: &'static str,
    /// Name as in state-machines.md.
    pub name: &'static str,
    /// Every state, first one initial.
    pub states: &'static [&'static str],
    /// States with no way out.
    pub terminal: &'static [&'static str],
    /// The rows.
    pub edges: &'static [Edge],
}

impl Machine {
    /// Whether `from → to` on `event` is a row.
    pub fn allows(&self, from: &str, event: &str, to: &str) -> bool {
        self.edges.iter().any(|edge| edge.from == from && edge.event == event && edge.to == to)
    }

    /// Commands that have a row from `state`: the console's "next actions".
    pub fn commands(&self, state: &str) -> Vec<&'static str> {
        let mut commands: Vec<_> = self
            .edges
            .iter()
            .filter(|edge| edge.from == state && !edge.command.starts_with('('))
            .map(|edge| edge.command)
            .collect();
        commands.dedup();
        commands
    }

    /// Unknown states in edges, states nothing reaches, non-terminal states nothing leaves, terminal states
    /// something leaves. Empty for a sound table.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for edge in self.edges {
            for state in [edge.from, edge.to] {
                if state != "-" && !self.states.contains(&state) {
                    faults.push(format!("{}: unknown state {state}", self.id));
                }
            }
            if self.terminal.contains(&edge.from) {
                faults.push(format!("{}: {} leaves terminal {}", self.id, edge.command, edge.from));
            }
        }
        for state in self.states {
            if !self.edges.iter().any(|edge| edge.to == *state && edge.from != *state) {
                faults.push(format!("{}: nothing reaches {state}", self.id));
            }
            if !self.terminal.contains(state) && !self.edges.iter().any(|edge| edge.from == *state && edge.to != *state)
            {
                faults.push(format!("{}: nothing leaves {state}", self.id));
            }
        }
        faults
    }
}
