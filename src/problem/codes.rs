//! The table of codes. Codes are stable: never renamed, never reused.

/// One code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// Stable snake_case word.
    pub code: &'static str,
    /// HTTP status. 0 for refusals of the domain, whose class tells the status.
    pub status: u16,
    /// In words.
    pub title: &'static str,
}

const fn edge(code: &'static str, status: u16, title: &'static str) -> Code {
    Code { code, status, title }
}

const fn domain(code: &'static str, title: &'static str) -> Code {
    Code { code, status: 0, title }
}

/// Every code of the interface.
pub const CODES: &[Code] = &[
    // The request as a message.
    edge("bad_json", 400, "the body is not JSON"),
    edge("invalid_utf8", 400, "the body is not UTF-8"),
    edge("unknown_field", 422, "a field that does not exist"),
    edge("missing_field", 422, "a required field is missing"),
    edge("wrong_type", 422, "a field has the wrong type"),
    edge("bad_value", 422, "a field has a value that cannot be"),
    edge("too_many_lines", 422, "an order has at most 500 lines"),
    edge("body_too_large", 413, "the body is too large"),
    edge("unsupported_media_type", 415, "the body must be application/json"),
    edge("bad_query", 400, "a query parameter is wrong"),
    edge("bad_header", 400, "a header is wrong"),
    edge("read_timeout", 408, "the request did not arrive in time"),
    edge("host_not_allowed", 421, "this server does not answer for that host"),
    // Idempotency and versions.
    edge("idempotency_key_missing", 400, "the Idempotency-Key header is missing"),
    edge("idempotency_key_invalid", 400, "the Idempotency-Key header is not 1 to 255 visible ASCII characters"),
    edge("idempotency_key_reused", 422, "the Idempotency-Key was used for another request"),
    edge("version_conflict", 412, "the resource has changed"),
    // Who asks.
    edge("unauthenticated", 401, "no access token"),
    edge("token_invalid", 401, "the access token is not valid"),
    edge("token_expired", 401, "the access token has expired"),
    edge("refresh_token_invalid", 401, "the refresh token is not valid"),
    edge("refresh_token_reused", 401, "the refresh token was used twice; the session has been ended"),
    edge("bad_credentials", 401, "wrong e-mail or password"),
    edge("bad_device_credential", 401, "the code or key of a device is wrong, used, expired or revoked"),
    edge("bad_password", 422, "the password is too short or too long"),
    edge("sign_in_throttled", 429, "too many wrong passwords"),
    edge("tracking_link_invalid", 401, "the tracking link is not valid, has expired or was revoked"),
    edge("rate_limited", 429, "too many requests"),
    edge("forbidden", 403, "your roles do not permit this"),
    // What is asked for.
    edge("not_found", 404, "there is nothing here"),
    edge("method_not_allowed", 405, "this method does not exist here"),
    edge("unknown_sku", 422, "there is no such product"),
    edge("unknown_customer", 422, "there is no such customer"),
    edge("unknown_warehouse", 422, "there is no such warehouse"),
    edge("product_inactive", 422, "the product cannot be ordered"),
    edge("currency_mismatch", 422, "currencies do not mix"),
    edge("unknown_tax_code", 422, "a product's tax code has no rate"),
    edge("below_minimum_quantity", 422, "fewer units than the product is sold in"),
    edge("below_minimum_order", 422, "the order is smaller than the shop accepts"),
    edge("no_warehouse", 409, "no warehouse is open"),
    edge("placement_refused", 409, "the order could not be placed"),
    edge("sku_exists", 409, "a product with this SKU exists already"),
    edge("warehouse_exists", 409, "a warehouse with this code exists already"),
    edge("phone_taken", 409, "another customer or user has this phone"),
    edge("email_taken", 409, "another account has this e-mail address"),
    edge("barcode_taken", 409, "another product has this barcode"),
    edge("not_placed", 409, "the order was never placed"),
    edge("still_placing", 503, "the order is still being placed"),
    // Connections and what they send.
    edge("connection_exists", 409, "a connection with this id exists already"),
    edge("channel_taken", 409, "another connection sends by this channel"),
    edge("bad_connection", 422, "the connection cannot work as it is"),
    edge("no_connection_keys", 409, "there are no keys to seal credentials with"),
    edge("dead_letter_settled", 409, "news have settled what was given up: nothing is sent again"),
    edge("not_replayable", 409, "what was given up cannot be replayed"),
    edge("no_contact", 409, "nobody can be written to: there is no number and no mail address"),
    edge("link_invalid", 422, "the link was not signed here, was changed, or is too old"),
    edge("template_invalid", 422, "the template cannot be filled in"),
    // Papers and files of the floor.
    edge("nothing_to_print", 404, "there is nothing to print"),
    edge("sscc_invalid", 409, "the number is no SSCC, so there is no GS1 label of it"),
    edge("barcode_empty", 409, "what would be a barcode is empty"),
    edge("barcode_character", 409, "a barcode cannot carry a character"),
    edge("barcode_too_long", 409, "a barcode would be too long for the paper"),
    edge("text_too_long", 409, "a text would be too long for its place on the paper"),
    edge("font_unreadable", 500, "a built-in font cannot be read"),
    edge("collect_unknown", 409, "what the courier collects with this parcel is not known"),
    edge("invitation_shown", 409, "the one-time code was shown already and is not kept"),
    // Imports.
    edge("upload_incomplete", 400, "the file is empty or broke off"),
    edge("file_format", 422, "the file is neither CSV nor XLSX, or cannot be read"),
    edge("column_missing", 422, "the layout needs a column that the file does not have"),
    edge("layout_unknown", 422, "there is no layout with that name"),
    edge("layout_mismatch", 422, "the layout does not hold records of that kind"),
    edge("parcel_on_floor", 409, "the parcel is worked on by scanning, not in the office"),
    edge("parcel_not_split", 409, "the warehouse did not split the parcel"),
    edge("import_ended", 409, "the import has ended already"),
    // The server.
    edge("busy", 429, "the server is busy"),
    edge("timeout", 504, "the request took too long; its outcome is unknown"),
    edge("unavailable", 503, "the server cannot reach its data"),
    edge("shutting_down", 503, "the server is stopping"),
    // Sockets.
    edge("not_ready", 503, "the server is starting"),
    edge("connection_limit", 503, "too many connections"),
    edge("bad_subprotocol", 400, "the subprotocol munshi.v1.json must be offered"),
    edge("bad_websocket_key", 400, "this is not the beginning of a WebSocket"),
    edge("origin_not_allowed", 403, "pages of this origin may not open a socket"),
    edge("internal", 500, "something went wrong on the server"),
    // Refusals of the domain: users.
    domain("reason_too_long", "a reason has at most 2000 characters"),
    domain("conversation_not_found", "there is no such thread"),
    domain("other_contact", "the recipient belongs to another thread"),
    domain("message_unknown", "the thread has no such message or attempt"),
    domain("invalid_message_status", "not a status that a connection reports"),
    domain("other_sender", "the question was put to somebody else"),
    domain("question_unknown", "there is no such question"),
    domain("question_closed", "the question is no longer open"),
    domain("question_answered", "the question has another answer"),
    domain("invalid_choice", "not an answer to this question"),
    domain("not_entitled", "the role that decides is gone"),
    domain("window_closed", "the 24-hour window for free text is closed"),
    domain("channel_unavailable", "the channel does not reach this contact"),
    domain("invalid_message", "empty or too long"),
    domain("action_unknown", "there is no such action"),
    domain("edition_changed", "the order was changed since it was shown"),
    domain("no_such_user", "there is no such user"),
    domain("user_exists", "the user exists already"),
    domain("bad_email", "not an e-mail address"),
    domain("bad_name", "not a name"),
    domain("no_role", "a user has at least one role"),
    domain("own_access", "nobody takes away the own access"),
    domain("user_disabled", "the user is disabled"),
    domain("session_invalid", "the session is not valid"),
    domain("preferences_too_large", "preferences have at most 16 KiB"),
    domain("preferences_changed", "another client has set the preferences meanwhile"),
    // Claims, sequences, settings.
    domain("key_taken", "another entity has this unique key"),
    domain("block_size", "a block of numbers is too small or too large"),
    domain("setting_out_of_range", "a setting is outside its range"),
    // Products.
    domain("invalid_product", "a field of the product is wrong"),
    domain("product_unknown", "there is no such product"),
    // Customers and credit.
    domain("invalid_customer", "a field of the customer is wrong"),
    domain("customer_unknown", "there is no such customer"),
    domain("customer_exists", "the customer exists already"),
    domain("customer_state", "the account is not in a state for this"),
    domain("customer_blocked", "the customer is blocked"),
    domain("no_credit_terms", "the customer has no credit terms"),
    domain("credit_limit_exceeded", "the credit limit would be exceeded"),
    domain("credit_hold_closed", "the credit hold is closed"),
    domain("credit_hold_unknown", "there is no such credit hold"),
    domain("credit_hold_state", "the credit hold is not in a state for this"),
    domain("amount_too_large", "the amount is larger than what is there"),
    domain("store_credit_reference", "the store-credit reference is used otherwise or not known"),
    // Warehouses and parcels.
    domain("invalid_stock_command", "a field of the command is wrong"),
    domain("warehouse_unknown", "there is no such warehouse"),
    domain("insufficient_stock", "not enough stock"),
    domain("hold_closed", "the order holds nothing here any more"),
    domain("hold_unknown", "the order holds nothing here"),
    domain("not_on_hand", "fewer units are on hand"),
    domain("stock_row_unknown", "the warehouse never had this SKU"),
    domain("count_outdated", "the count began too long ago"),
    domain("count_contradicted", "more units left since than were counted"),
    domain("not_allocated", "fewer units are allocated"),
    domain("parcel_unknown", "there is no such parcel"),
    domain("parcel_closed", "the parcel is closed"),
    domain("parcel_state", "the parcel is not in a state for this"),
    domain("pick_claimed", "somebody else is picking this parcel"),
    domain("wrong_item", "the item does not belong in this parcel"),
    domain("too_many_units", "the parcel needs fewer units"),
    domain("parcel_held", "the parcel is on hold"),
    domain("parcel_booked", "the parcel is booked with a carrier"),
    domain("handed_over", "the parcel has been handed over"),
    // Floors.
    domain("invalid_floor_command", "a field of the command is wrong"),
    domain("site_unknown", "the floor of this warehouse is not set up"),
    domain("floor_record_unknown", "the floor has no such record"),
    domain("decision_closed", "it was decided before"),
    domain("floor_record_state", "the record is not in a state for this"),
    domain("device_unknown", "the device is not enrolled"),
    domain("device_revoked", "the device was revoked"),
    domain("generation_fenced", "the device was enrolled anew since"),
    domain("seq_gap", "a command number was left out"),
    domain("key_reuse", "the number or key was used for another command"),
    // Orders.
    domain("no_lines", "an order needs at least one line"),
    domain("line_number", "a line number is used twice or is zero"),
    domain("quantity_out_of_range", "a quantity is a whole number from 1 to 1000000"),
    domain("amount_out_of_range", "an amount is negative, too precise or out of range"),
    domain("discount_too_large", "a discount is larger than its line"),
    domain("shipping_fee_out_of_range", "the shipping fee is negative, too precise or out of range"),
    domain("address_incomplete", "the shipping address lacks a part"),
    domain("total_out_of_range", "the total is out of range"),
    domain("reason_required", "a reason is required"),
    domain("invalid_value", "a value is outside its range"),
    domain("order_not_found", "there is no such order"),
    domain("order_exists", "the order exists already"),
    domain("placement_in_progress", "the order is being placed"),
    domain("wrong_order_state", "the order is not in a state for this"),
    domain("unknown_line", "the order has no such line"),
    domain("not_enough_units", "fewer units of the line are in the stage for this"),
    domain("unknown_parcel", "the order has no such parcel"),
    domain("wrong_parcel_state", "the parcel is not in a state for this"),
    domain("order_on_hold", "the order is on hold"),
    domain("nothing_to_release", "nothing can be released to the floor"),
    domain("unknown_hold", "the order has no such open hold"),
    domain("no_cancellation_open", "no cancellation is open"),
    domain("cancellation_open", "a cancellation is open already"),
    domain("use_return", "delivered units are returned, not canceled"),
    domain("under_way", "units under way can only be intercepted by the carrier"),
    domain("change_in_progress", "a change is being applied"),
    domain("allocation_in_progress", "stock is being found for the order"),
    domain("nothing_to_move", "no warehouse holds units of the line beside the floor"),
    domain("change_open", "a change is open already"),
    domain("unknown_change", "the order has no such open change"),
    domain("picking_started", "units are on the floor already"),
    domain("change_needs_approval", "the changed order would need approval"),
    domain("line_identity", "a line cannot become another item"),
    domain("field_frozen", "this field of a placed order cannot change"),
    domain("nothing_left", "a change must leave at least one unit"),
    // Approvals.
    domain("invalid_step", "a field of the step is wrong"),
    domain("step_unknown", "there is no such step"),
    domain("step_closed", "the step is closed"),
    domain("self_approval", "requester and authors may not decide"),
    domain("already_voted", "this approver has voted already"),
    domain("stale_hash", "the content has changed since it was shown"),
    domain("rationale_required", "a rationale is required"),
    domain("not_eligible", "not entitled to this vote"),
    domain("other_request", "the decision is about another request"),
    domain("step_waiting", "the step is not open yet"),
    domain("step_decided", "the step is decided already"),
    domain("request_closed", "the request is closed"),
];

/// The row of a code.
pub fn find(code: &str) -> Option<&'static Code> {
    CODES.iter().find(|row| row.code == code)
}

/// The reference page, generated (`docs/ERRORS.md`).
pub fn reference() -> String {
    let mut page = String::from(
        "# Error codes\n\nGenerated from the code by `munshi openapi --errors`; a test fails when it is stale.\n\n\
         Every error is `application/problem+json` with `code`, `detail` and, where they help, `field` (a JSON pointer)\n\
         and `fix`. A 4xx is decided on durable state and changed nothing; 429 and 503 were certainly not executed;\n\
         504 or a dropped connection means unknown: retry with the same `Idempotency-Key`.\n\n\
         ## Messages, access, server\n\n| code | status | meaning |\n|---|---|---|\n",
    );
    for row in CODES.iter().filter(|row| row.status != 0) {
        page.push_str(&format!("| `{}` | {} | {} |\n", row.code, row.status, row.title));
    }
    page.push_str(
        "\n## Refusals\n\nWrong whatever the state: 422; nothing with that id: 404; not in this state: 409; not by this\n\
         person: 403.\n\n| code | meaning |\n|---|---|\n",
    );
    for row in CODES.iter().filter(|row| row.status == 0) {
        page.push_str(&format!("| `{}` | {} |\n", row.code, row.title));
    }
    page
}
