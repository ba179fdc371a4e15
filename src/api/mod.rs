//! The REST interface: one table of routes, one file per resource.
//!
//! Invariant: [`ROUTES`] is the only source of the router, of the OpenAPI document and of the access test. Handlers
//! parse, send a command or read, and convert; they decide nothing.

pub mod approvals;
pub mod auth;
pub mod call;
pub mod connections;
pub mod conversations;
pub mod convert;
pub mod customers;
pub mod dead_letters;
pub mod decide;
pub mod devices;
pub mod floor;
pub mod floor_devices;
pub mod floor_export;
pub mod floor_holds;
pub mod floor_issues;
pub mod floor_labels;
pub mod floor_loads;
pub mod floor_print;
pub mod floor_replenish;
pub mod floor_returns;
pub mod floor_work;
pub mod gate;
pub mod imports;
pub mod json;
pub mod lines;
pub mod list;
pub mod openapi;
pub mod order_view;
pub mod orders;
pub mod outcome;
pub mod parcels;
pub mod preferences;
pub mod products;
pub mod reports;
pub mod returns;
pub mod settings;
pub mod system;
pub mod templates;
pub mod timeline;
pub mod tracking;
pub mod users;
pub mod warehouses;

use std::pin::Pin;

use axum::{
    Router,
    extract::{RawPathParams, Request, State},
    http::Method,
    routing::{MethodFilter, on},
};

pub use call::{Answer, Call};

use crate::{app::App, auth::Permission, problem::Problem};

/// Where the interface begins.
pub const BASE: &str = "/api/v1";

/// A handler's work.
pub type Work = Pin<Box<dyn Future<Output = Answer> + Send>>;

/// What a route answers, for the OpenAPI document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// No content.
    Nothing,
    /// One of a schema.
    One(&'static str),
    /// A page of a schema.
    List(&'static str),
    /// A file of this media type.
    File(&'static str),
}

/// One row of the table.
#[derive(Clone)]
pub struct Route {
    /// Method.
    pub method: Method,
    /// Path below [`BASE`].
    pub path: &'static str,
    /// What the caller needs.
    pub permission: Permission,
    /// Name of the operation; the part before the dot groups it.
    pub name: &'static str,
    /// What it does.
    pub summary: &'static str,
    /// Schema of the body.
    pub body: Option<&'static str>,
    /// What it answers.
    pub answer: Shape,
    /// Parameters of the query, beside those of every list.
    pub query: &'static [&'static str],
    /// The handler.
    pub handler: fn(Call) -> Work,
}

impl std::fmt::Debug for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

/// The body of a route that takes a file.
pub const FILE: &str = "(file)";

/// Parameters every list takes.
pub const LIST_QUERY: [&str; 3] = ["limit", "after", "min_seq"];

impl Route {
    /// Whether it takes an idempotency key: everything that changes something, except signing in and out.
    pub fn keyed(&self) -> bool {
        self.method != Method::GET && !self.name.starts_with("auth.")
    }

    /// Whether its body is a file, received on disk.
    pub fn takes_file(&self) -> bool {
        self.body == Some(FILE)
    }

    /// Whether its body carries a password, PIN or credential.
    pub fn carries_secret(&self) -> bool {
        matches!(
            self.body,
            Some("CreateUser" | "SetPassword" | "SignIn" | "PutOperator" | "CreateConnection" | "PatchConnection")
        )
    }

    /// Whether it takes this parameter of the query.
    pub fn takes_query(&self, name: &str) -> bool {
        self.query.contains(&name) || (matches!(self.answer, Shape::List(_)) && LIST_QUERY.contains(&name))
    }
}

macro_rules! routes {
    ($( $method:ident $path:literal $permission:ident $name:literal $summary:literal
        ($($body:literal)?) -> $shape:ident $(($answer:literal))? [$($query:literal),*] $handler:path; )*) => {
        /// Every route. What is not here does not exist.
        pub static ROUTES: &[Route] = &[ $( Route {
            method: Method::$method,
            path: $path,
            permission: Permission::$permission,
            name: $name,
            summary: $summary,
            body: routes!(@body $($body)?),
            answer: Shape::$shape $(($answer))?,
            query: &[$($query),*],
            handler: |call| Box::pin($handler(call)),
        } ),* ];
    };
    (@body $body:literal) => { Some($body) };
    (@body) => { None };
}

routes! {
    POST "/auth/sign-in" Open "auth.sign_in" "sign in with e-mail and password" ("SignIn") -> One("SignedIn") [] auth::sign_in;
    POST "/auth/refresh" Open "auth.refresh" "exchange a refresh token for new tokens" ("Refresh") -> One("SignedIn") [] auth::refresh;
    POST "/auth/sign-out" SignedIn "auth.sign_out" "end this session" () -> Nothing [] auth::sign_out;
    GET "/auth/me" SignedIn "auth.me" "who am I" () -> One("Me") [] auth::me_handler;
    GET "/auth/me/preferences" SignedIn "me.preferences" "what my clients keep for me" () -> One("PreferencesView") [] preferences::read;
    PUT "/auth/me/preferences" SignedIn "me.set_preferences" "keep other preferences" ("PutPreferences") -> One("PreferencesView") [] preferences::replace;

    POST "/devices/enrol" Open "auth.enrol_device" "enrol a device by its one-time code" ("EnrolDevice") -> One("DeviceEnrolled") [] devices::enrol;
    POST "/devices/token" Open "auth.device_token" "exchange a device's key for a token" ("DeviceKey") -> One("DeviceToken") [] devices::token;

    GET "/users" ManageUsers "users.list" "list users" () -> List("UserRow") ["q"] users::list;
    POST "/users" ManageUsers "users.create" "make a user" ("CreateUser") -> One("UserView") [] users::create;
    GET "/users/{id}" ManageUsers "users.read" "read a user" () -> One("UserView") [] users::read;
    PATCH "/users/{id}" ManageUsers "users.change" "change name or roles" ("PatchUser") -> One("UserView") [] users::change;
    POST "/users/{id}/disable" ManageUsers "users.disable" "bar from signing in" () -> One("UserView") [] users::disable;
    POST "/users/{id}/enable" ManageUsers "users.enable" "let sign in again" () -> One("UserView") [] users::enable;
    POST "/users/{id}/password" ManageUsers "users.password" "set another password" ("SetPassword") -> One("UserView") [] users::password;
    POST "/users/{id}/revoke-sessions" ManageUsers "users.revoke" "sign out everywhere" () -> One("UserView") [] users::revoke;

    GET "/products" ReadProducts "products.list" "list products" () -> List("ProductView") ["q", "handle", "brand", "category", "active"] products::list;
    POST "/products" WriteProducts "products.create" "make a product" ("CreateProduct") -> One("ProductView") [] products::create;
    GET "/products/lookup" ReadProducts "products.lookup" "find a product by SKU or barcode" () -> One("ProductView") ["code"] products::lookup;
    GET "/products/{sku}" ReadProducts "products.read" "read a product" () -> One("ProductView") [] products::read;
    GET "/products/{sku}/stock" ReadStock "products.stock" "stock of a product in every warehouse that ever had it" () -> List("StockView") [] warehouses::of_product;
    PUT "/products/{sku}" WriteProducts "products.replace" "make or replace a product" ("ProductDetails") -> One("ProductView") [] products::replace;
    POST "/products/{sku}/activate" WriteProducts "products.activate" "let it be ordered" () -> One("ProductView") [] products::activate;
    POST "/products/{sku}/deactivate" WriteProducts "products.deactivate" "stop it from being ordered" () -> One("ProductView") [] products::deactivate;

    GET "/customers" ReadCustomers "customers.list" "list customers" () -> List("CustomerRow") ["q", "phone", "email"] customers::list;
    POST "/customers" WriteCustomers "customers.create" "make a customer" ("CreateCustomer") -> One("CustomerView") [] customers::create;
    GET "/customers/{id}" ReadCustomers "customers.read" "read a customer" () -> One("CustomerView") [] customers::read;
    PATCH "/customers/{id}" WriteCustomers "customers.change" "change a customer" ("PatchCustomer") -> One("CustomerView") [] customers::change;
    GET "/customers/{id}/events" ReadCustomers "customers.events" "timeline of a customer" () -> List("TimelineEntry") [] timeline::customer;
    POST "/customers/{id}/block" BlockCustomers "customers.block" "refuse orders of this customer" ("Reason") -> One("CustomerView") [] customers::block;
    POST "/customers/{id}/unblock" BlockCustomers "customers.unblock" "accept orders again" ("Reason") -> One("CustomerView") [] customers::unblock;
    GET "/customers/{id}/credit" ReadCustomers "customers.credit" "read credit" () -> One("CreditView") [] customers::credit;
    PUT "/customers/{id}/credit" WriteCredit "customers.set_credit" "set or (null) take away credit terms" ("CreditTerms") -> One("CustomerView") [] customers::set_credit;
    POST "/customers/{id}/settlements" WriteCredit "customers.settle" "record money received for an order on credit" ("Settlement") -> One("CustomerView") [] customers::settle;

    GET "/warehouses" ReadStock "warehouses.list" "list warehouses" () -> List("WarehouseView") [] warehouses::list;
    POST "/warehouses" OpenWarehouses "warehouses.open" "open a warehouse" ("OpenWarehouse") -> One("WarehouseView") [] warehouses::open;
    GET "/warehouses/{code}" ReadStock "warehouses.read" "read a warehouse" () -> One("WarehouseView") [] warehouses::read;
    GET "/warehouses/{code}/stock" ReadStock "stock.list" "list stock of a warehouse" () -> List("StockView") ["sku"] warehouses::stock;
    GET "/warehouses/{code}/stock/{sku}" ReadStock "stock.read" "read stock of a SKU" () -> One("StockView") [] warehouses::row;
    GET "/warehouses/{code}/stock/{sku}/ledger" ReadStock "stock.ledger" "list movements of a SKU, newest first" () -> List("MovementView") [] warehouses::ledger;
    POST "/warehouses/{code}/stock/{sku}/receive" WriteStock "stock.receive" "receive units" ("ReceiveStock") -> One("StockView") [] warehouses::receive;
    POST "/warehouses/{code}/stock/{sku}/adjust" WriteStock "stock.adjust" "correct on-hand units" ("AdjustStock") -> One("StockView") [] warehouses::adjust;
    POST "/warehouses/{code}/stock/{sku}/count" WriteStock "stock.count" "record a count" ("CountStock") -> One("StockView") [] warehouses::count;
    PUT "/warehouses/{code}/stock/{sku}/policy" WriteStockPolicy "stock.policy" "set safety stock, backorder cap and low level" ("StockPolicy") -> One("StockView") [] warehouses::policy;

    GET "/warehouses/{code}/parcels" ReadStock "parcels.list" "list parcels on the floor" () -> List("ParcelView") ["state"] parcels::list;
    GET "/warehouses/{code}/parcels/{order}/{n}" ReadStock "parcels.read" "read a parcel" () -> One("ParcelView") [] parcels::read;
    POST "/warehouses/{code}/parcels/{order}/{n}/claim" WorkFloor "parcels.claim" "start picking" () -> One("ParcelView") [] parcels::claim;
    POST "/warehouses/{code}/parcels/{order}/{n}/release" WorkFloor "parcels.release" "stop picking" () -> One("ParcelView") [] parcels::release;
    POST "/warehouses/{code}/parcels/{order}/{n}/confirm" WorkFloor "parcels.confirm" "confirm picked units" ("ConfirmUnits") -> One("ParcelView") [] parcels::confirm;
    POST "/warehouses/{code}/parcels/{order}/{n}/short" WorkFloor "parcels.short" "report units not found" ("ReportShort") -> One("ParcelView") [] parcels::short;
    POST "/warehouses/{code}/parcels/{order}/{n}/pack" WorkFloor "parcels.pack" "pack" ("PackParcel") -> One("ParcelView") [] parcels::pack;
    POST "/warehouses/{code}/parcels/{order}/{n}/split" WorkFloor "parcels.split" "put units of a packed parcel in a parcel of their own" ("SplitParcel") -> One("ParcelView") [] parcels::split;
    POST "/warehouses/{code}/parcels/{order}/{n}/hold" WorkFloor "parcels.hold" "keep from leaving" ("Reason") -> One("ParcelView") [] parcels::hold;
    POST "/warehouses/{code}/parcels/{order}/{n}/resume" WorkFloor "parcels.resume" "let leave again" () -> One("ParcelView") [] parcels::resume;
    POST "/warehouses/{code}/parcels/{order}/{n}/book" WorkFloor "parcels.book" "book with a carrier" ("BookParcel") -> One("ParcelView") [] parcels::book;
    POST "/warehouses/{code}/parcels/{order}/{n}/hand-over" WorkFloor "parcels.hand_over" "hand over to the carrier" () -> One("ParcelView") [] parcels::hand_over;
    POST "/warehouses/{code}/parcels/{order}/{n}/return" WorkFloor "parcels.return" "receive units that came back undelivered" ("ReceiveReturn") -> One("OrderView") [] returns::receive;

    GET "/warehouses/{code}/parcels/{order}/{n}/pick-list.pdf" WorkFloor "prints.pick_list" "print the list a picker walks by" () -> File("application/pdf") [] floor_print::pick_list;
    GET "/warehouses/{code}/parcels/{order}/{n}/packing-slip.pdf" WorkFloor "prints.packing_slip" "print the slip that lies in the parcel" () -> File("application/pdf") [] floor_print::packing_slip;
    GET "/warehouses/{code}/parcels/{order}/{n}/label.pdf" WorkFloor "prints.label" "print the parcel's label" () -> File("application/pdf") [] floor_print::label_pdf;
    GET "/warehouses/{code}/parcels/{order}/{n}/label.zpl" WorkFloor "prints.label_zpl" "print the parcel's label on a label printer of 203, 300 or 600 dpi" () -> File("application/zpl") ["dpi"] floor_print::label_zpl;

    GET "/warehouses/{code}/floor" ReadStock "floor.read" "read the site and its rules" () -> One("FloorSite") [] floor::site;
    PUT "/warehouses/{code}/floor" SetUpFloor "floor.set_up" "set the site up or change its rules" ("FloorSite") -> One("FloorSite") [] floor::set_up;
    GET "/warehouses/{code}/locations" ReadStock "locations.list" "list locations by code" () -> List("FloorLocation") ["zone", "kind"] floor::locations;
    PUT "/warehouses/{code}/locations" SetUpFloor "locations.put" "add or change locations, all or none" ("PutLocations") -> One("FloorLocations") [] floor::put_locations;
    GET "/warehouses/{code}/locations/labels.pdf" WorkFloor "prints.locations" "print labels of locations and totes, at most 500" () -> File("application/pdf") ["zone", "prefix"] floor_labels::locations_pdf;
    GET "/warehouses/{code}/locations/labels.zpl" WorkFloor "prints.locations_zpl" "print labels of locations and totes on a label printer" () -> File("application/zpl") ["zone", "prefix", "dpi"] floor_labels::locations_zpl;
    GET "/warehouses/{code}/item-rules" ReadStock "item_rules.list" "list what the floor knows of items" () -> List("FloorItemRule") [] floor::item_rules;
    PUT "/warehouses/{code}/item-rules" SetUpFloor "item_rules.put" "add or change item rules, all or none" ("PutItemRules") -> One("PutItemRules") [] floor::put_item_rules;
    GET "/warehouses/{code}/bins" ReadStock "bins.list" "list stock by location" () -> List("BinView") ["location", "sku"] floor::bins;
    GET "/warehouses/{code}/plates/{plate}/label.pdf" WorkFloor "prints.plate" "print a plate's label" () -> File("application/pdf") [] floor_labels::plate_pdf;
    GET "/warehouses/{code}/plates/{plate}/label.zpl" WorkFloor "prints.plate_zpl" "print a plate's label on a label printer" () -> File("application/zpl") ["dpi"] floor_labels::plate_zpl;
    GET "/warehouses/{code}/devices" ReadFloor "devices.list" "list devices" () -> List("DeviceView") [] floor_devices::devices;
    POST "/warehouses/{code}/devices/{device}/invite" ManageDevices "devices.invite" "hand out a one-time code that enrols the device" ("InviteDevice") -> One("DeviceInvitation") [] floor_devices::invite;
    POST "/warehouses/{code}/devices/{device}/enrolment-sheet.pdf" ManageDevices "devices.sheet" "the same as a sheet to scan from" ("InviteDevice") -> File("application/pdf") [] floor_devices::enrolment_sheet;
    POST "/warehouses/{code}/devices/{device}/revoke" ManageDevices "devices.revoke" "hear the device no more" () -> One("DeviceView") [] floor_devices::revoke;
    POST "/warehouses/{code}/devices/{device}/message" RunFloor "devices.message" "tell whoever works at a device something" ("MessageDevice") -> One("DeviceView") [] floor_devices::message;
    GET "/warehouses/{code}/operators" ReadFloor "operators.list" "list operators by badge" () -> List("OperatorView") [] floor_devices::operators;
    PUT "/warehouses/{code}/operators/{badge}" ManageDevices "operators.put" "add an operator or change name, rights or PIN" ("PutOperator") -> One("OperatorView") [] floor_devices::put_operator;
    POST "/warehouses/{code}/operators/{badge}/unlock" ManageDevices "operators.unlock" "let a badge be used again that wrong PINs locked" () -> One("OperatorView") [] floor_devices::unlock;
    GET "/warehouses/{code}/receipts" ReadFloor "receipts.list" "list documents to receive" () -> List("ReceiptView") ["closed"] floor_work::receipts;
    GET "/warehouses/{code}/receipts/{receipt}" ReadFloor "receipts.read" "read a document to receive" () -> One("ReceiptView") [] floor_work::receipt;
    PUT "/warehouses/{code}/receipts/{receipt}" RunFloor "receipts.expect" "announce goods or change what is expected" ("ExpectReceipt") -> One("ReceiptView") [] floor_work::expect;
    GET "/warehouses/{code}/tasks" ReadFloor "tasks.list" "list tasks that are not done" () -> List("TaskView") ["state", "kind"] floor_work::tasks;
    POST "/warehouses/{code}/tasks/{task}/priority" RunFloor "tasks.priority" "hand a task out earlier or later" ("SetTaskPriority") -> One("TaskView") [] floor_work::priority;
    POST "/warehouses/{code}/replenishments" RunFloor "replenishments.add" "have a pick face filled" ("AddReplenishment") -> One("TaskView") [] floor_replenish::add;
    POST "/warehouses/{code}/tasks/{task}/cancel" RunFloor "tasks.cancel" "cancel a replenishment" () -> One("TaskView") [] floor_replenish::cancel;
    POST "/warehouses/{code}/tasks/{task}/reassign" RunFloor "tasks.reassign" "take a task from whoever has it" ("ReassignTask") -> One("TaskView") [] floor_work::reassign;
    GET "/warehouses/{code}/exceptions" ReadFloor "exceptions.list" "list open exceptions" () -> List("ExceptionView") ["code"] floor_issues::exceptions;
    POST "/warehouses/{code}/exceptions/{exception}/resolve" RunFloor "exceptions.resolve" "close an exception" ("ResolveException") -> One("OpenExceptions") [] floor_issues::resolve;
    GET "/warehouses/{code}/counts" ReadFloor "counts.list" "list counts that are not done" () -> List("CountTaskView") [] floor_issues::counts;
    POST "/warehouses/{code}/counts" RunFloor "counts.open" "have a location or an item counted" ("OpenCount") -> One("CountTasks") [] floor_issues::open_count;
    GET "/warehouses/{code}/decisions" ReadFloor "decisions.list" "list variances, over-receipts, late facts and loads that wait for a decision" () -> List("FloorDecisionView") [] floor_issues::decisions;
    POST "/warehouses/{code}/decisions/{decision}/approve" DecideFloor "decisions.approve" "approve" ("Reason") -> One("FloorDecided") [] floor_issues::approve;
    POST "/warehouses/{code}/decisions/{decision}/refuse" DecideFloor "decisions.refuse" "refuse" ("Reason") -> One("FloorDecided") [] floor_issues::refuse;
    GET "/warehouses/{code}/loads" ReadFloor "loads.list" "list loads" () -> List("LoadView") ["state"] floor_loads::loads;
    GET "/warehouses/{code}/loads/{load}" ReadFloor "loads.read" "read a load" () -> One("LoadView") [] floor_loads::load;
    PUT "/warehouses/{code}/loads/{load}" RunFloor "loads.plan" "plan what leaves together, or change the plan while nobody loads it" ("PlanLoad") -> One("LoadView") [] floor_loads::plan;
    GET "/warehouses/{code}/returns" ReadFloor "floor_returns.list" "list announced returns" () -> List("FloorReturnView") ["closed"] floor_returns::returns;
    GET "/warehouses/{code}/returns/{return}" ReadFloor "floor_returns.read" "read an announced return" () -> One("FloorReturnView") [] floor_returns::read_one;
    PUT "/warehouses/{code}/returns/{return}" RunFloor "floor_returns.expect" "announce a return or change what may come back" ("ExpectFloorReturn") -> One("FloorReturnView") [] floor_returns::expect;
    POST "/warehouses/{code}/returns/{return}/close" RunFloor "floor_returns.close" "take no more of a return" () -> One("FloorReturnView") [] floor_returns::close;
    GET "/warehouses/{code}/lots" ReadFloor "lots.list" "list lots by SKU and number" () -> List("LotView") ["sku", "status"] floor_holds::lots;
    PUT "/warehouses/{code}/lots/{sku}/{lot}" RunFloor "lots.status" "hold, recall or release a lot" ("SetLotStatus") -> One("LotView") [] floor_holds::set_lot;
    GET "/warehouses/{code}/plates/{plate}" ReadFloor "plates.read" "read a plate" () -> One("PlateView") [] floor_holds::plate;
    POST "/warehouses/{code}/plates/{plate}/hold" RunFloor "plates.hold" "let nobody move a plate" ("Reason") -> One("PlateView") [] floor_holds::hold_plate;
    POST "/warehouses/{code}/plates/{plate}/release" RunFloor "plates.release" "let a plate be moved again" () -> One("PlateView") [] floor_holds::release_plate;
    GET "/warehouses/{code}/epcis" ReadFloor "floor.epcis" "what happened on the floor, as EPCIS 2.0" () -> File("application/ld+json") ["from", "to", "limit", "after"] floor_export::epcis;

    GET "/orders" ReadOrders "orders.list" "list orders, newest first" () -> List("OrderRow") ["q", "status", "customer", "warehouse", "channel", "tag", "from", "to"] orders::list;
    POST "/orders" WriteOrders "orders.create" "make an order, and with submit place it" ("CreateOrder") -> One("OrderView") [] orders::create;
    GET "/orders/{id}" ReadOrders "orders.read" "read an order by id or number, with as_of as it was at a journal position" () -> One("OrderView") ["min_seq", "as_of"] orders::read;
    PATCH "/orders/{id}" WriteOrders "orders.change" "edit a draft or change a placed order" ("PatchOrder") -> One("OrderView") [] orders::change;
    GET "/orders/{id}/events" ReadOrders "orders.events" "timeline of an order" () -> List("TimelineEntry") [] timeline::order;
    POST "/orders/{id}/submit" WriteOrders "orders.submit" "place a draft" () -> One("OrderView") [] orders::submit;
    POST "/orders/{id}/confirm" WriteOrders "orders.confirm" "confirm on behalf of the customer" () -> One("OrderView") [] orders::confirm;
    POST "/orders/{id}/withdraw" WriteOrders "orders.withdraw" "take back to draft" ("Reason") -> One("OrderView") [] orders::withdraw;
    POST "/orders/{id}/cancel" WriteOrders "orders.cancel" "cancel the order or units of it" ("CancelOrder") -> One("OrderView") [] orders::cancel;
    POST "/orders/{id}/hold" HoldOrders "orders.hold" "put on hold" ("HoldOrder") -> One("OrderView") [] orders::hold;
    POST "/orders/{id}/release-hold" HoldOrders "orders.release_hold" "end a hold" ("ReleaseHold") -> One("OrderView") [] orders::release_hold;
    POST "/orders/{id}/release" ReleaseOrders "orders.release" "send allocated units to the floor" () -> One("OrderView") [] orders::release;
    POST "/orders/{id}/lines/{n}/warehouse" WriteOrders "orders.line_warehouse" "source a line from another warehouse" ("LineWarehouse") -> One("OrderView") [] lines::warehouse;
    POST "/orders/{id}/tracking-link" WriteOrders "orders.tracking_link" "make a link by which the customer follows the order" () -> One("TrackingLink") [] tracking::link;
    POST "/orders/{id}/revoke-tracking" WriteOrders "orders.revoke_tracking" "end every tracking link given out so far" () -> One("OrderView") [] orders::revoke_tracking;
    POST "/orders/{id}/deliver" TrackOrders "orders.deliver" "record a delivery by hand" ("DeliverOrder") -> One("OrderView") [] orders::deliver;
    POST "/orders/{id}/scan" TrackOrders "orders.scan" "record a carrier scan by hand" ("ScanOrder") -> One("OrderView") [] orders::scan;

    GET "/track" Open "track.read" "what a customer sees by a tracking link (Authorization: Track …)" () -> One("TrackView") [] tracking::read;
    POST "/track/cancel" Open "track.cancel" "cancel by a tracking link: at once until something is packed, then for the shop to decide" ("TrackCancel") -> One("TrackView") [] tracking::cancel;

    GET "/decide" Open "decide.read" "what a one-time link asks an approver (Authorization: Decide …)" () -> One("DecideView") [] decide::read;
    POST "/decide" Open "decide.answer" "decide by a one-time link" ("DecideAnswer") -> One("DecideView") [] decide::answer;

    GET "/approvals" ReadApprovals "approvals.list" "list open approval steps" () -> List("StepView") ["queue"] approvals::list;
    GET "/approvals/{queue}/{step}" ReadApprovals "approvals.read" "read a step" () -> One("StepView") [] approvals::read;
    POST "/approvals/{queue}/{step}/approve" Approve "approvals.approve" "vote for" ("Vote") -> One("StepView") [] approvals::approve;
    POST "/approvals/{queue}/{step}/reject" Approve "approvals.reject" "vote against" ("Vote") -> One("StepView") [] approvals::reject;
    POST "/approvals/{queue}/{step}/request-changes" Approve "approvals.request_changes" "ask for changes" ("Vote") -> One("StepView") [] approvals::request_changes;

    POST "/approvals/answer" Approve "approvals.answer" "decide by a signed link, once" ("AnswerLink") -> One("LinkAnswered") [] conversations::answer;

    GET "/conversations" ReadMessages "conversations.list" "list threads, those that need a person first" () -> List("ConversationRow") ["needs_agent", "call_due", "assigned_to", "customer"] conversations::list;
    GET "/conversations/{id}" ReadMessages "conversations.read" "read a thread's head" () -> One("ConversationView") [] conversations::read;
    GET "/conversations/{id}/messages" ReadMessages "conversations.messages" "read a thread, newest first" () -> List("ThreadEntry") [] conversations::thread;
    POST "/conversations/{id}/reply" WriteMessages "conversations.reply" "write to the person" ("SendReply") -> One("ConversationView") [] conversations::reply;
    POST "/conversations/{id}/assign" WriteMessages "conversations.assign" "say who looks after a thread" ("AssignConversation") -> One("ConversationView") [] conversations::assign;
    POST "/conversations/{id}/resolve" WriteMessages "conversations.resolve" "be done with a thread" () -> One("ConversationView") [] conversations::resolve;
    POST "/conversations/{id}/calls" WriteMessages "conversations.call" "note what came of a call" ("RecordCall") -> One("ConversationView") [] conversations::call_made;
    PATCH "/conversations/{id}/preferences" WriteMessages "conversations.preferences" "change language, consent and wanted channels" ("PatchPreferences") -> One("ConversationView") [] conversations::preferences;
    GET "/customers/{id}/conversation" ReadMessages "conversations.of_customer" "read the thread with a customer" () -> One("ConversationView") [] conversations::of_customer;
    PATCH "/customers/{id}/preferences" WriteMessages "conversations.customer_preferences" "change what a customer wants to hear" ("PatchPreferences") -> One("ConversationView") [] conversations::customer_preferences;

    GET "/message-templates" ReadMessages "templates.list" "list kinds of messages and their templates" () -> List("TemplateView") [] templates::list;
    POST "/message-templates/{kind}/preview" ReadMessages "templates.preview" "fill a template in" ("PreviewTemplate") -> One("TemplatePreview") [] templates::preview;

    GET "/connections" ReadConnections "connections.list" "list connections and how they are doing" () -> List("ConnectionView") [] connections::list;
    POST "/connections" ManageConnections "connections.create" "make a connection" ("CreateConnection") -> One("ConnectionView") [] connections::create;
    GET "/connections/{id}" ReadConnections "connections.read" "read a connection" () -> One("ConnectionView") [] connections::read;
    PATCH "/connections/{id}" ManageConnections "connections.change" "change a connection" ("PatchConnection") -> One("ConnectionView") [] connections::change;
    POST "/connections/{id}/pause" ManageConnections "connections.pause" "stop it from sending; work waits" ("Why") -> One("ConnectionView") [] connections::pause;
    POST "/connections/{id}/resume" ManageConnections "connections.resume" "let it go on, or try again at once" ("Why") -> One("ConnectionView") [] connections::resume;
    GET "/connections/{id}/events" ReadConnections "connections.events" "troubles of a connection, and what was done to it by whom" () -> List("TimelineEntry") [] timeline::connection;
    POST "/connections/{id}/templates" ManageConnections "connections.templates" "hand the texts in for approval" () -> One("ConnectionView") [] connections::templates;
    POST "/connections/{id}/replay" ManageConnections "connections.replay" "tell a subscriber again" ("ReplayFrom") -> One("ReplayedFrom") [] connections::replay;
    POST "/connections/{id}/test" ManageConnections "connections.test" "send a message to try it" ("TestSend") -> One("TestResult") [] connections::test;

    GET "/dead-letters" ReadConnections "dead_letters.list" "list what was given up" () -> List("DeadView") ["connection", "class"] dead_letters::all;
    POST "/dead-letters/replay" HandleDeadLetters "dead_letters.replay_all" "replay what was given up, by connection and class" ("ReplayDead") -> One("Replayed") [] dead_letters::replay_all;
    GET "/dead-letters/{connection}/{id}" ReadConnections "dead_letters.read" "read a dead letter" () -> One("DeadView") [] dead_letters::read;
    POST "/dead-letters/{connection}/{id}/replay" HandleDeadLetters "dead_letters.replay" "replay a dead letter" ("EditDead") -> One("Replayed") [] dead_letters::replay;
    POST "/dead-letters/{connection}/{id}/discard" HandleDeadLetters "dead_letters.discard" "discard a dead letter" ("Reason") -> Nothing [] dead_letters::discard;

    GET "/imports" ImportFiles "imports.list" "list imports, newest first" () -> List("ImportView") [] imports::list;
    POST "/imports" ImportFiles "imports.create" "import products, customers, stock or past orders out of a file" ("(file)") -> One("ImportView") ["kind", "layout", "warehouse"] imports::create;
    GET "/imports/{id}" ImportFiles "imports.read" "read how far an import is" () -> One("ImportView") [] imports::read;
    POST "/imports/{id}/stop" ImportFiles "imports.stop" "stop an import; what it has taken stays" () -> One("ImportView") [] imports::stop;
    GET "/imports/{id}/errors.csv" ImportFiles "imports.errors" "the rows that were not taken, with the reason" () -> File("text/csv") [] imports::errors;

    GET "/reports/dashboard" ReadOrders "reports.dashboard" "orders by day and status, approvals, low stock, the floor" () -> One("Dashboard") ["days", "warehouse", "min_seq"] reports::dashboard;

    GET "/settings" ReadSettings "settings.read" "read the shop's settings" () -> One("SettingsView") [] settings::read;
    PATCH "/settings" WriteSettings "settings.change" "merge into the shop's settings" ("SettingsPatch") -> One("SettingsView") [] settings::change;
    GET "/system/status" ReadSystem "system.status" "state of the server" () -> One("SystemStatus") [] system::status;
    POST "/system/doctor" RunDoctor "system.doctor" "check journal and documents in the background" () -> One("DoctorStatus") [] system::doctor;
}

/// The router of the table.
pub fn router() -> Router<App> {
    let mut router = Router::new();
    for route in ROUTES {
        let Ok(filter) = MethodFilter::try_from(route.method.clone()) else { continue };
        let handler = move |State(app): State<App>, params: RawPathParams, request: Request| {
            gate::pass(app, route, params, request)
        };
        router = router.route(&format!("{BASE}{}", route.path), on(filter, handler));
    }
    router.method_not_allowed_fallback(|| async {
        Problem::new("method_not_allowed", "see /api/v1/openapi.json").response(None)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec_01_every_route_is_named_once_and_only_who_shows_another_secret_needs_no_account() {
        let mut names: Vec<_> = ROUTES.iter().map(|route| route.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ROUTES.len());
        let open = ROUTES.iter().filter(|route| route.permission == Permission::Open).map(|route| route.name);
        assert_eq!(
            open.collect::<Vec<_>>(),
            [
                "auth.sign_in",
                "auth.refresh",
                "auth.enrol_device",
                "auth.device_token",
                "track.read",
                "track.cancel",
                "decide.read",
                "decide.answer"
            ]
        );
        for route in ROUTES {
            assert!(MethodFilter::try_from(route.method.clone()).is_ok(), "{route:?} would not be mounted");
        }
    }
}
