/** Words of the server about messages and connections, for people. */
export const en = {
  channel: { whatsapp: "WhatsApp", sms: "SMS", email: "E-mail" } as Record<string, string>,
  status: {
    queued: "Queued", unknown: "Being looked up", accepted: "Accepted", sent: "Sent", delivered: "Delivered", read: "Read",
    failed: "Failed", expired: "Too late to send", suppressed: "Not sent",
  } as Record<string, string>,
  code: {
    opted_out: "the person wants no more messages", no_consent: "no consent", unwanted: "not wanted by the person",
    no_channel: "no channel reaches the person", window_closed: "the 24-hour window is closed", answered: "it was answered already",
  } as Record<string, string>,
  why: {
    unsure: "Could not be understood", media: "A picture or voice note", several_questions: "Unclear which question was answered",
    which_order: "Unclear which order is meant", question_unknown: "Answers a question that was not asked",
    invalid_choice: "Not one of the answers offered", address_unread: "The address could not be read", refused: "The wish could not be carried out",
    agent: "Asked for a person", window_closed: "The answer could not be sent: 24 hours have passed",
  } as Record<string, string>,
  outcome: { no_answer: "No answer", confirmed: "Confirmed", declined: "Declined", other: "Something else" } as Record<string, string>,
  about: {
    cod_confirmation: "Confirm cash on delivery", backorder: "Wait or cancel", cancel_check: "Really cancel?",
    address_wanted: "New address asked for", address_check: "Is this the address?", approval: "Approval",
  } as Record<string, string>,
  choice: { yes: "Yes", no: "No", change_address: "Change the address" } as Record<string, string>,
  questionState: { open: "Open", answered: "Answered", expired: "Nobody answered", closed: "Moved on" } as Record<string, string>,
  category: { utility: "Order messages", marketing: "Advertising", service: "Answers" } as Record<string, string>,
  audience: { customer: "To customers", staff: "To staff" } as Record<string, string>,
  kind: {
    order_placed: "Order placed", cod_confirmation: "Confirm cash on delivery", order_confirmed: "Order confirmed", order_approved: "Order approved",
    order_rejected: "Order rejected", order_changed: "Order changed", change_declined: "Change declined", backordered: "Out of stock",
    parcel_shipped: "Parcel shipped", out_for_delivery: "Out for delivery", delivery_failed: "Delivery failed", parcel_delivered: "Parcel delivered",
    order_canceled: "Order canceled", units_canceled: "Items canceled", cancellation_requested: "Cancellation requested",
    cancellation_refused: "Cancellation refused", order_expired: "Order expired", order_status: "Where the order is", agent_reply: "Reply by a person",
    reply_cancel_check: "Asks whether to cancel", reply_kept: "Order kept", reply_address_wanted: "Asks for the address",
    reply_address_check: "Asks whether the address is right", reply_refused: "Wish not possible", reply_already_answered: "Answered already",
    reply_too_late: "Answer came too late", reply_agent_will_answer: "A person will answer", reply_opted_out: "No more messages",
    reply_opted_in: "Messages again", approval_request: "Approval asked for", approval_reminder: "Approval reminder",
    approval_escalated: "Approval passed on", reply_decided: "Decision noted", reply_decision_refused: "Decision not taken", low_stock: "Stock is low",
    sync_failed: "A connection fails", error_alert: "Something went wrong",
  } as Record<string, string>,
  mode: { live: "Live", practice: "Practice", paused: "Paused" } as Record<string, string>,
  vendor: { twilio: "Twilio", meta: "WhatsApp by Meta", smtp: "E-mail (SMTP)", webhook: "Webhook", slack: "Slack", teams: "Microsoft Teams" } as Record<string, string>,
  breaker: { closed: "Well", open: "Waits after failures", half_open: "Tries again", unauthorized: "Credentials refused" } as Record<string, string>,
  deadKind: { message: "Message", webhook: "Webhook", delivery: "Incoming delivery", note: "Note to a room" } as Record<string, string>,
  result: {
    ok: "Taken", retry: "Failed for now", rate_limited: "Too many at once", auth_expired: "Credentials refused",
    unknown: "Not known whether it was sent", permanent: "Refused",
  } as Record<string, string>,
  did: { edited: "Changed", replayed: "Sent again", discarded: "Discarded", settled: "Settled by later news" } as Record<string, string>,
  /** Values that messages are filled in with. */
  value: {
    name: "Name", shop: "Shop", number: "Order number", total: "Total", items: "Items", payment: "Payment", address: "Address", backordered: "Out of stock",
    reason: "Reason", parcel: "Parcel", carrier: "Carrier", tracking: "Tracking number", status: "Status", parcels: "Parcels", text: "Text", request: "Wish",
    queue: "Queue", decision: "Decision", sku: "SKU", warehouse: "Warehouse", available: "Available", connection: "Connection", problem: "Problem",
  } as Record<string, string>,
  language: { en: "English", ur: "Urdu" } as Record<string, string>,
};
