/** Words of the server for people, by kind. */
export const en = {
  status: {
    draft: "Draft", placing: "Placing", pending: "To confirm", pending_approval: "Awaiting approval", approved: "Approved",
    processing: "In the warehouse", shipped: "On its way", delivered: "Delivered", returned: "Returned", canceled: "Canceled",
    rejected: "Rejected", expired: "Expired", discarded: "Discarded", pending_cancellation: "Being canceled",
  },
  badge: {
    on_hold: "On hold", backorder: "Backorder", change_pending: "Change pending", partially_canceled: "Partly canceled",
    partially_shipped: "Partly shipped", partially_delivered: "Partly delivered", returning: "Coming back",
    partially_returned: "Partly returned", imported: "Imported",
  },
  channel: {
    online: "Online shop", offline: "Counter or phone", b2b_portal: "Wholesale portal", mobile: "Mobile app",
    social: "Social and chat", marketplace: "Marketplace",
  },
  orderType: { regular: "Regular", recurring: "Recurring", subscription: "Subscription", rush: "Rush", emergency: "Emergency", sample: "Sample" },
  priority: { low: "Low", normal: "Normal", high: "High", critical: "Critical" },
  payment: { cod: "Cash on delivery", prepaid: "Prepaid", terms: "On credit terms" },
  hold: {
    manual: "Put by hand", payment: "Payment", stock: "Stock", address: "Address", credit: "Credit", risk: "Risk",
    cod_unconfirmed: "COD not confirmed", compliance: "Compliance", channel: "Channel", cancellation: "Cancellation", change: "Change",
  },
  stage: {
    open: "Open", reserved: "Reserved", allocated: "Allocated", backordered: "Waiting for stock", picking: "Picking", packed: "Packed",
    in_transit: "With carrier", delivered: "Delivered", rto_pending: "Coming back", returned: "Returned", canceled: "Canceled", lost: "Lost",
  },
  parcel: {
    planned: "Planned", queued: "Queued", picking: "Picking", picked: "Picked", released: "On the floor", packed: "Packed", booked: "Booked",
    handed_over: "Handed over", delivered: "Delivered", returning: "Coming back", returned: "Returned", lost: "Lost", canceled: "Canceled",
  },
  carrier: {
    booked: "Booked", picked_up: "Picked up", in_transit: "In transit", at_destination: "At destination", out_for_delivery: "Out for delivery",
    attempt_failed: "Delivery attempt failed", returning: "Returning to sender", damaged: "Damaged", delivered: "Delivered",
    returned_to_sender: "Back at sender", lost: "Lost",
  },
  role: {
    admin: "Administrator", sales_manager: "Sales manager", finance: "Finance", customer_service: "Customer service",
    warehouse: "Warehouse", viewer: "Viewer",
  },
  customerType: { retail: "Retail", wholesale: "Wholesale", vip: "VIP", corporate: "Corporate", government: "Government" },
  customerState: { active: "Active", blocked: "Blocked", merged: "Merged", erased: "Erased" },
  step: {
    active: "Waiting", approved: "Approved", rejected: "Rejected", changes_requested: "Changes requested", escalated: "Escalated",
    expired: "Expired", canceled: "Withdrawn", withdrawn: "Withdrawn", superseded: "Superseded", pending: "Not yet due", open: "Open",
  },
  decision: { approve: "Approved", reject: "Rejected", request_changes: "Asked for changes" },
};
