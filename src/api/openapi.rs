//! The OpenAPI 3.1 document: operations from the route table, schemas from the wire types.

use serde_json::{Map, Value, json};
use utoipa::OpenApi;

use super::{BASE, LIST_QUERY, ROUTES, Route, Shape};
use crate::auth::Permission;

/// Every wire type with a name of its own.
#[derive(OpenApi)]
#[openapi(components(schemas(
    munshi_protocols::Problem,
    munshi_protocols::common::Money,
    munshi_protocols::common::Address,
    munshi_protocols::common::Reason,
    munshi_protocols::auth::SignIn,
    munshi_protocols::auth::Refresh,
    munshi_protocols::auth::SignedIn,
    munshi_protocols::auth::Me,
    munshi_protocols::auth::CreateUser,
    munshi_protocols::auth::PatchUser,
    munshi_protocols::auth::SetPassword,
    munshi_protocols::auth::UserView,
    munshi_protocols::auth::UserRow,
    munshi_protocols::auth::PreferencesView,
    munshi_protocols::auth::PutPreferences,
    munshi_protocols::devices::EnrolDevice,
    munshi_protocols::devices::DeviceEnrolled,
    munshi_protocols::devices::DeviceKey,
    munshi_protocols::devices::DeviceToken,
    munshi_protocols::products::ProductOption,
    munshi_protocols::products::ProductDetails,
    munshi_protocols::products::CreateProduct,
    munshi_protocols::products::ProductView,
    munshi_protocols::customers::CreateCustomer,
    munshi_protocols::customers::PatchCustomer,
    munshi_protocols::customers::CreditTerms,
    munshi_protocols::customers::Settlement,
    munshi_protocols::customers::CreditView,
    munshi_protocols::customers::CustomerView,
    munshi_protocols::customers::CustomerRow,
    munshi_protocols::warehouses::OpenWarehouse,
    munshi_protocols::warehouses::WarehouseView,
    munshi_protocols::warehouses::ReceiveStock,
    munshi_protocols::warehouses::AdjustStock,
    munshi_protocols::warehouses::CountStock,
    munshi_protocols::warehouses::StockPolicy,
    munshi_protocols::warehouses::StockView,
    munshi_protocols::warehouses::MovementView,
    munshi_protocols::warehouses::ConfirmUnits,
    munshi_protocols::warehouses::ReportShort,
    munshi_protocols::warehouses::SplitLine,
    munshi_protocols::warehouses::SplitParcel,
    munshi_protocols::warehouses::PackParcel,
    munshi_protocols::warehouses::BookParcel,
    munshi_protocols::warehouses::ReturnedLine,
    munshi_protocols::warehouses::ReceiveReturn,
    munshi_protocols::warehouses::ParcelLine,
    munshi_protocols::warehouses::ParcelView,
    munshi_protocols::floor::CountRules,
    munshi_protocols::floor::CartonKind,
    munshi_protocols::floor::FloorSite,
    munshi_protocols::floor::FloorLocation,
    munshi_protocols::floor::PutLocations,
    munshi_protocols::floor::FloorLocations,
    munshi_protocols::floor::PackLevel,
    munshi_protocols::floor::FloorItemRule,
    munshi_protocols::floor::PutItemRules,
    munshi_protocols::floor::BinLine,
    munshi_protocols::floor::BinView,
    munshi_protocols::floor::InviteDevice,
    munshi_protocols::floor::DeviceView,
    munshi_protocols::floor::DeviceInvitation,
    munshi_protocols::floor::PutOperator,
    munshi_protocols::floor::OperatorView,
    munshi_protocols::floor::ReceiptLine,
    munshi_protocols::floor::PlateGoods,
    munshi_protocols::floor::ExpectReceipt,
    munshi_protocols::floor::ReceiptView,
    munshi_protocols::floor::TaskStop,
    munshi_protocols::floor::TaskLine,
    munshi_protocols::floor::TaskView,
    munshi_protocols::floor::SetTaskPriority,
    munshi_protocols::floor::ReassignTask,
    munshi_protocols::floor::AddReplenishment,
    munshi_protocols::floor::MessageDevice,
    munshi_protocols::floor::TaskReplenish,
    munshi_protocols::floor::ExceptionView,
    munshi_protocols::floor::ResolveException,
    munshi_protocols::floor::OpenCount,
    munshi_protocols::floor::CountTaskView,
    munshi_protocols::floor::CountTasks,
    munshi_protocols::floor::StockDeltaView,
    munshi_protocols::floor::FloorDecisionView,
    munshi_protocols::floor::FloorDecided,
    munshi_protocols::floor::OpenExceptions,
    munshi_protocols::floor_office::PlanLoad,
    munshi_protocols::floor_office::LoadView,
    munshi_protocols::floor_office::FloorReturnLine,
    munshi_protocols::floor_office::ExpectFloorReturn,
    munshi_protocols::floor_office::FloorReturnView,
    munshi_protocols::floor_office::SetLotStatus,
    munshi_protocols::floor_office::LotView,
    munshi_protocols::floor_office::PlateView,
    munshi_protocols::orders::InlineCustomer,
    munshi_protocols::orders::OrderLineInput,
    munshi_protocols::orders::CreateOrder,
    munshi_protocols::orders::PatchOrder,
    munshi_protocols::orders::LineUnits,
    munshi_protocols::orders::CancelOrder,
    munshi_protocols::orders::HoldOrder,
    munshi_protocols::orders::ReleaseHold,
    munshi_protocols::orders::DeliverOrder,
    munshi_protocols::orders::ScanOrder,
    munshi_protocols::orders::LineWarehouse,
    munshi_protocols::orders::OrderCustomer,
    munshi_protocols::orders::LineQuantities,
    munshi_protocols::orders::OrderLine,
    munshi_protocols::orders::OrderTotals,
    munshi_protocols::orders::HoldView,
    munshi_protocols::orders::OrderApprovalStep,
    munshi_protocols::orders::OrderApproval,
    munshi_protocols::orders::OrderParcel,
    munshi_protocols::orders::PlacementRefused,
    munshi_protocols::orders::OrderView,
    munshi_protocols::orders::OrderRow,
    munshi_protocols::orders::TimelineEntry,
    munshi_protocols::tracking::TrackingLink,
    munshi_protocols::tracking::TrackCancel,
    munshi_protocols::tracking::TrackLine,
    munshi_protocols::tracking::TrackUnits,
    munshi_protocols::tracking::TrackParcel,
    munshi_protocols::tracking::TrackStep,
    munshi_protocols::tracking::TrackView,
    munshi_protocols::imports::ImportFailure,
    munshi_protocols::imports::ImportView,
    munshi_protocols::reports::Dashboard,
    munshi_protocols::reports::DashboardDay,
    munshi_protocols::reports::LowStock,
    munshi_protocols::reports::DashboardFloor,
    munshi_protocols::reports::ScanMinute,
    munshi_protocols::approvals::Vote,
    munshi_protocols::approvals::VoteView,
    munshi_protocols::approvals::StepView,
    munshi_protocols::connections::Why,
    munshi_protocols::connections::CreateConnection,
    munshi_protocols::connections::PatchConnection,
    munshi_protocols::connections::ConnectionHealth,
    munshi_protocols::connections::ConnectionView,
    munshi_protocols::connections::TestSend,
    munshi_protocols::connections::TestResult,
    munshi_protocols::connections::DeadAction,
    munshi_protocols::connections::DeadView,
    munshi_protocols::connections::EditDead,
    munshi_protocols::connections::ReplayDead,
    munshi_protocols::connections::Replayed,
    munshi_protocols::connections::ReplayFrom,
    munshi_protocols::connections::ReplayedFrom,
    munshi_protocols::connections::TemplateView,
    munshi_protocols::connections::PreviewTemplate,
    munshi_protocols::connections::TemplatePreview,
    munshi_protocols::conversations::ConversationRow,
    munshi_protocols::conversations::QuestionView,
    munshi_protocols::conversations::ConsentView,
    munshi_protocols::conversations::ConversationOrder,
    munshi_protocols::conversations::ConversationView,
    munshi_protocols::conversations::ThreadEntry,
    munshi_protocols::conversations::SendReply,
    munshi_protocols::conversations::AssignConversation,
    munshi_protocols::conversations::RecordCall,
    munshi_protocols::conversations::PatchPreferences,
    munshi_protocols::conversations::SetConsent,
    munshi_protocols::conversations::AnswerLink,
    munshi_protocols::conversations::DecideLine,
    munshi_protocols::conversations::DecideView,
    munshi_protocols::conversations::DecideAnswer,
    munshi_protocols::conversations::LinkAnswered,
    munshi_protocols::settings::SettingsView,
    munshi_protocols::settings::SettingsPatch,
    munshi_protocols::system::SystemStatus,
    munshi_protocols::system::SocketStatus,
    munshi_protocols::system::LaneStatus,
    munshi_protocols::system::DoctorStatus,
    munshi_protocols::system::DoctorResult,
    munshi_protocols::system::Readiness,
)))]
struct Schemas;

/// The document.
#[derive(Clone, Debug, PartialEq)]
pub struct Document(Value);

impl Document {
    /// As JSON, indented, ending with a line break.
    ///
    /// # Errors
    /// Never for a document made here.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(&self.0).map(|text| text + "\n")
    }
}

/// Describes the interface.
pub fn document() -> Document {
    let schemas = serde_json::to_value(Schemas::openapi()).unwrap_or_default();
    let mut paths = Map::new();
    for route in ROUTES {
        let entry = paths.entry(format!("{BASE}{}", route.path)).or_insert_with(|| json!({}));
        entry[route.method.as_str().to_ascii_lowercase()] = operation(route);
    }
    Document(json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Munshi",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Commerce operations: orders, stock, customers, approvals. Every request that changes something carries an Idempotency-Key; repeating it with the same key and body gives the first answer.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {
            "schemas": schemas["components"]["schemas"],
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "track": {"type": "http", "scheme": "track", "description": "the token of a tracking link"},
                "decide": {"type": "http", "scheme": "decide", "description": "the token of a link in a mail to an approver"},
            },
        },
    }))
}

fn reference(schema: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{schema}")})
}

fn content(kind: &str, schema: Value) -> Value {
    json!({kind: {"schema": schema}})
}

fn operation(route: &Route) -> Value {
    let tag = route.name.split('.').next().unwrap_or_default();
    let mut operation = json!({
        "operationId": route.name,
        "summary": route.summary,
        "tags": [tag],
        "parameters": parameters(route),
        "responses": responses(route),
    });
    if route.permission != Permission::Open {
        let roles: Vec<_> = route.permission.roles().iter().map(|role| role.name()).collect();
        operation["security"] = json!([{"bearer": []}]);
        operation["description"] = json!(format!("Permission `{}`: {}.", route.permission.name(), roles.join(", ")));
    }
    if route.name.starts_with("track.") {
        operation["security"] = json!([{"track": []}]);
    }
    if route.name.starts_with("decide.") {
        operation["security"] = json!([{"decide": []}]);
    }
    if let Some(body) = route.body {
        let content = if route.takes_file() {
            let file = json!({"schema": {"type": "string", "format": "binary"}});
            super::gate::FILE_TYPES.iter().map(|kind| ((*kind).to_owned(), file.clone())).collect::<Map<_, _>>().into()
        } else {
            content("application/json", reference(body))
        };
        operation["requestBody"] = json!({"required": body != OPTIONAL, "content": content});
    }
    operation
}

/// The one body that may be left out.
pub(super) const OPTIONAL: &str = "Why";

fn parameters(route: &Route) -> Vec<Value> {
    let text = json!({"type": "string"});
    let parameter = |name: &str, place: &str, required: bool, schema: &Value, about: &str| json!({"name": name, "in": place, "required": required, "schema": schema, "description": about});
    let mut parameters: Vec<_> = route
        .path
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| parameter(name, "path", true, &text, "names the resource"))
        .collect();
    parameters.extend(route.query.iter().map(|name| parameter(name, "query", false, &text, "narrows the answer")));
    if matches!(route.answer, Shape::List(_)) {
        let abouts = [
            "most items, 1 to 200",
            "cursor: `next` of the page before",
            "wait until the list reflects this journal position",
        ];
        let whole = json!({"type": "integer", "minimum": 0});
        for (name, about) in LIST_QUERY.into_iter().zip(abouts) {
            let schema = if name == "after" { &text } else { &whole };
            parameters.push(parameter(name, "query", false, schema, about));
        }
    }
    if route.keyed() {
        let key = json!({"type": "string", "minLength": 1, "maxLength": 255});
        parameters.push(parameter(
            "Idempotency-Key",
            "header",
            true,
            &key,
            "fresh for a new request, the same for a retry",
        ));
        parameters.push(parameter(
            "If-Match",
            "header",
            false,
            &text,
            "do it only if the resource still has this ETag",
        ));
    }
    parameters
}

fn responses(route: &Route) -> Value {
    let problem = json!({"description": "why it was not done", "content": content("application/problem+json", reference("Problem"))});
    let creates = ["users.create", "products.create", "customers.create", "warehouses.open", "orders.create"]
        .contains(&route.name);
    let (status, success) = match route.answer {
        Shape::Nothing => ("204", json!({"description": "done"})),
        Shape::One(schema) => {
            let status = match route.name {
                "imports.create" | "system.doctor" => "202",
                _ if creates => "201",
                _ => "200",
            };
            (status, json!({"description": "the resource", "content": content("application/json", reference(schema))}))
        }
        Shape::File(kind) => {
            let binary = json!({"type": "string", "format": "binary"});
            ("200", json!({"description": "a file", "content": content(kind, binary)}))
        }
        Shape::List(schema) => {
            let page = json!({
                "type": "object",
                "required": ["items", "next", "seq"],
                "properties": {
                    "items": {"type": "array", "items": reference(schema)},
                    "next": {"type": ["string", "null"]},
                    "seq": {"type": "integer", "minimum": 0},
                },
            });
            ("200", json!({"description": "a page", "content": content("application/json", page)}))
        }
    };
    json!({status: success, "default": problem})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn api_01_every_schema_the_routes_name_is_described() {
        let Document(document) = document();
        let known = &document["components"]["schemas"];
        for route in ROUTES {
            let answer = match route.answer {
                Shape::Nothing | Shape::File(_) => None,
                Shape::One(schema) | Shape::List(schema) => Some(schema),
            };
            for schema in route.body.filter(|_| !route.takes_file()).into_iter().chain(answer) {
                assert!(known[schema].is_object(), "{schema} of {route:?}");
            }
        }
        let text = document.to_string();
        for found in text.split("#/components/schemas/").skip(1) {
            let name = found.split('"').next().unwrap();
            assert!(known[name].is_object(), "{name} is referred to but not described");
        }
    }
}
