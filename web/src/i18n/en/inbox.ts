// What people are told, by its kind, as the server says it (src/live/notices/words.rs); and its codes: of the floor, of
// its decisions, and of troubles (domain/src/connection.rs).
import { en as codes } from "./scan-codes";

export const en = {
  texts: {
    approval_waiting: "Order {number} ({amount}) waits for your decision",
    approval_granted: "Order {number} was approved",
    approval_rejected: "Order {number} was rejected: {reason}",
    changes_requested: "Changes to order {number} are asked for: {reason}",
    approval_expired: "Nobody decided about order {number} in time",
    floor_exception: "Warehouse {warehouse} reports an exception: {code}",
    floor_decision: "Warehouse {warehouse} asks for a decision: {about}",
    import_done: "The import of {file} is done: {changed} changed, {errors} with errors",
    import_failed: "The import of {file} failed: {code}",
    import_stopped: "The import of {file} was stopped",
    connection_trouble: "{connection} has a problem: {trouble}",
  } as Record<string, string>,
  codes: {
    "floor_exception.code": codes,
    "floor_decision.about": {
      over_receipt: "more came than was ordered",
      variance: "a count differs from the books",
      late: "a scan came in late",
      missing_pieces: "a load would leave incomplete",
    },
    "connection_trouble.trouble": {
      unreachable: "it cannot be reached",
      unauthorized: "its credentials are refused",
      failing: "it has taken nothing for a while",
      auto_paused: "it failed for too long and was paused",
      dead_letters: "messages were given up and wait for a person",
      stalled: "it does not go on although there is work",
      projector_stalled: "lists do not follow what happens",
      notifier_stalled: "messages are not planned",
    },
  } as Record<string, Record<string, string>>,
};
