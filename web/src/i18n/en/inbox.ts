// What notices name by a code: troubles of connections (domain/src/connection.rs) and decisions of a floor.
export const en = {
  connection_trouble: {
    unreachable: "it cannot be reached",
    unauthorized: "its credentials are refused",
    failing: "it has taken nothing for a while",
    auto_paused: "it failed for too long and was paused",
    dead_letters: "messages were given up and wait for a person",
    stalled: "it does not go on although there is work",
    projector_stalled: "lists do not follow what happens",
    notifier_stalled: "messages are not planned",
  } as Record<string, string>,
  floor_decision: {
    over_receipt: "more came than was ordered",
    variance: "a count differs from the books",
    late: "a scan came in late",
    missing_pieces: "a load would leave incomplete",
  } as Record<string, string>,
};
