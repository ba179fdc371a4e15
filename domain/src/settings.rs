//! The shop's settings: what a person may change while the server runs (APR-01). Everything that needs a restart
//! is configuration and lives outside the domain.
//!
//! Invariant: an order pins what it needs of the settings when it is submitted; a later edit touches only
//! orders submitted after it (APR-08).

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    Aggregate, Ctx, Currency, Kind, Money, Part, PartJson, QueueId, RefusalClass, Refused, WarehouseId,
    aggregate::{from_main, main_part},
    approval::request::{ApprovalPlan, Mode, PlanStep},
    notify::MessagingSettings,
    order::content::{OrderContent, PaymentMethod},
    sequence::NumberFormat,
};

/// The id of the one settings aggregate.
pub const SHOP: &str = "shop";

/// An order at or below the amount passes; above it waits in the queue (APR-01, VAL-09).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApprovalRule {
    /// Orders in this currency whose total is greater than this amount match.
    pub over: Money,
    /// Queue that decides.
    pub queue: QueueId,
    /// Role that may vote there.
    pub role: String,
}

/// What can be set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ShopSettings {
    /// Shop name, for documents and messages.
    pub name: String,
    /// Currency assumed where none is given.
    pub currency: Currency,
    /// IANA zone in which people read times.
    pub time_zone: String,
    /// How order numbers are written (ORD-01).
    pub order_number: NumberFormat,
    /// Tax rates in percent by tax code (LIN-05); a code not listed here is refused (VAL-03).
    pub tax_rates: BTreeMap<String, Decimal>,
    /// Tax code of products that name none.
    pub default_tax_code: String,
    /// Whether prices already contain the tax.
    pub prices_include_tax: bool,
    /// Approval rules; each that matches adds its step.
    pub approval_rules: Vec<ApprovalRule>,
    /// Seconds after which an undecided step reminds its approvers; 0 never.
    pub remind_after_seconds: i64,
    /// Seconds after which an undecided step escalates; 0 never.
    pub escalate_after_seconds: i64,
    /// Seconds after which an undecided request expires and with it the order; 0 never.
    pub approval_expires_seconds: i64,
    /// Warehouses in the order in which they are asked for stock (INV-12 default strategy).
    pub sourcing: Vec<WarehouseId>,
    /// Whether an order may be filled from several warehouses (ORD-17).
    pub split_orders: bool,
    /// Whether a person must confirm a cash-on-delivery order before the gate (N08).
    pub confirm_cod: bool,
    /// Seconds an unconfirmed order may wait; then it expires and frees its stock (P12).
    pub confirmation_seconds: i64,
    /// Seconds a placement may take before it is refused.
    pub placement_seconds: i64,
    /// Whether allocated units go to the floor by themselves.
    pub release_automatically: bool,
    /// Days after delivery in which goods may come back.
    pub return_window_days: u16,
    /// Smallest order total per currency (VAL-10).
    pub minimum_order: Vec<Money>,
    /// What is sent to whom, when and how (NOT-05, N08).
    pub messaging: MessagingSettings,
}

impl Default for ShopSettings {
    fn default() -> Self {
        Self {
            name: "Munshi shop".into(),
            currency: Currency::PKR,
            time_zone: "Asia/Karachi".into(),
            order_number: NumberFormat::try_from("SO-{yyyy}-{seq:6}".to_owned())
                .unwrap_or_else(|_| unreachable!("the built-in format is tested")),
            tax_rates: [("standard", 18), ("zero", 0)].map(|(code, rate)| (code.into(), Decimal::from(rate))).into(),
            default_tax_code: "standard".into(),
            prices_include_tax: true,
            approval_rules: Vec::new(),
            remind_after_seconds: 3_600,
            escalate_after_seconds: 4 * 3_600,
            approval_expires_seconds: 7 * 86_400,
            sourcing: Vec::new(),
            split_orders: true,
            confirm_cod: false,
            confirmation_seconds: 86_400,
            placement_seconds: 5,
            release_automatically: true,
            return_window_days: 14,
            minimum_order: Vec::new(),
            messaging: MessagingSettings::default(),
        }
    }
}

impl ShopSettings {
    /// The approval plan for an order as it stands (SM-17): one step per matching rule, all in stage 1.
    /// `version` is the settings version, kept on the request (APR-08).
    pub fn approval_plan(&self, total: Money, version: u64) -> ApprovalPlan {
        let matching =
            |rule: &&ApprovalRule| rule.over.currency() == total.currency() && total.amount() > rule.over.amount();
        let rules: Vec<_> = self.approval_rules.iter().filter(matching).collect();
        ApprovalPlan {
            version,
            steps: rules
                .iter()
                .map(|rule| PlanStep {
                    stage: 1,
                    queue: rule.queue.clone(),
                    role: rule.role.clone(),
                    mode: Mode::Any,
                    remind_after: self.remind_after_seconds,
                    escalate_after: self.escalate_after_seconds,
                })
                .collect(),
            trace: rules.iter().map(|rule| format!("total {total} is over {}", rule.over)).collect(),
        }
    }

    /// Whether an order of this content needs somebody to confirm it, or is confirmed by rule.
    pub fn confirms_by_rule(&self, content: &OrderContent) -> bool {
        match content.payment_method {
            PaymentMethod::Cod => !self.confirm_cod,
            PaymentMethod::Terms => true,
            PaymentMethod::Prepaid => false,
        }
    }
}

/// Requests to the settings.
#[derive(Clone, Debug, PartialEq)]
pub enum SettingsCommand {
    /// Replace the settings.
    ChangeSettings(Box<ShopSettings>),
}

/// Facts about the settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum SettingsEvent {
    /// The settings are now these.
    SettingsChanged {
        /// All of them.
        settings: Box<ShopSettings>,
    },
}

/// Why settings are refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsRefusal {
    /// A value is outside its range.
    #[error("{field} {rule}")]
    OutOfRange {
        /// JSON pointer of the field.
        field: &'static str,
        /// What it must be.
        rule: &'static str,
    },
}

impl Refused for SettingsRefusal {
    fn code(&self) -> &'static str {
        "setting_out_of_range"
    }
    fn class(&self) -> RefusalClass {
        RefusalClass::Invalid
    }
    fn field(&self) -> Option<String> {
        let Self::OutOfRange { field, .. } = self;
        Some((*field).to_owned())
    }
}

/// The settings with their version.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Raised by one at every change; 0 for the built-in defaults.
    pub version: u64,
    /// The values.
    pub shop: ShopSettings,
}

impl Aggregate for Settings {
    const KIND: Kind = Kind::Settings;
    type Command = SettingsCommand;
    type Event = SettingsEvent;
    type Refusal = SettingsRefusal;

    fn decide(&self, command: &SettingsCommand, _ctx: &Ctx) -> Result<Vec<SettingsEvent>, SettingsRefusal> {
        let SettingsCommand::ChangeSettings(settings) = command;
        let rules: [(bool, &'static str, &'static str); 7] = [
            (settings.name.trim().is_empty() || settings.name.len() > 200, "/name", "must be 1 to 200 characters"),
            (
                !settings.tax_rates.contains_key(&settings.default_tax_code),
                "/default_tax_code",
                "must be one of tax_rates",
            ),
            (
                settings.tax_rates.values().any(|rate| *rate < Decimal::ZERO || *rate > Decimal::ONE_HUNDRED),
                "/tax_rates",
                "must be between 0 and 100 percent",
            ),
            (settings.approval_rules.len() > 50, "/approval_rules", "must be at most 50 rules"),
            (!(1..=600).contains(&settings.placement_seconds), "/placement_seconds", "must be between 1 and 600"),
            (
                !(60..=90 * 86_400).contains(&settings.confirmation_seconds),
                "/confirmation_seconds",
                "must be between one minute and 90 days",
            ),
            (
                [settings.remind_after_seconds, settings.escalate_after_seconds, settings.approval_expires_seconds]
                    .iter()
                    .any(|seconds| !(0..=365 * 86_400).contains(seconds)),
                "/remind_after_seconds",
                "must be between 0 and one year",
            ),
        ];
        if let Some((_, field, rule)) = rules.into_iter().find(|(broken, ..)| *broken) {
            return Err(SettingsRefusal::OutOfRange { field, rule });
        }
        if let Some((field, rule)) = settings.messaging.fault() {
            return Err(SettingsRefusal::OutOfRange { field, rule });
        }
        if self.version > 0 && **settings == self.shop {
            return Ok(vec![]);
        }
        Ok(vec![SettingsEvent::SettingsChanged { settings: settings.clone() }])
    }

    fn evolve(&mut self, event: &SettingsEvent) {
        let SettingsEvent::SettingsChanged { settings } = event;
        self.version += 1;
        self.shop = (**settings).clone();
    }

    fn command_name(command: &SettingsCommand) -> &'static str {
        match command {
            SettingsCommand::ChangeSettings(_) => "ChangeSettings",
        }
    }

    fn part(&self, part: &Part) -> Option<PartJson> {
        main_part(self, part)
    }

    fn from_parts(parts: Vec<(Part, PartJson)>) -> Result<Self, String> {
        from_main(parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Timestamp, aggregate::apply};

    fn pkr(amount: i64) -> Money {
        Money::new(Decimal::new(amount, 2), Currency::PKR).unwrap()
    }

    #[test]
    fn val_09_thresholds_route_right_at_the_boundary() {
        let rule = |over, queue: &str| ApprovalRule {
            over: pkr(over),
            queue: QueueId::parse(queue).unwrap(),
            role: "sales_manager".into(),
        };
        let shop = ShopSettings {
            approval_rules: vec![rule(500_000, "sales"), rule(1_000_000, "finance")],
            ..ShopSettings::default()
        };
        for (total, queues) in [(499_999, 0), (500_000, 0), (500_001, 1), (1_000_000, 1), (1_000_001, 2)] {
            let plan = shop.approval_plan(pkr(total), 3);
            assert_eq!((plan.steps.len(), plan.trace.len(), plan.version), (queues, queues, 3), "{total}");
        }
        let usd = Money::new(Decimal::from(1_000_000), Currency::USD).unwrap();
        assert!(shop.approval_plan(usd, 1).steps.is_empty());
    }

    #[test]
    fn apr_01_settings_are_checked_and_versioned() {
        let ctx = Ctx::system(Timestamp::from_millis(0));
        let mut settings = Settings::default();
        let change = |shop: &ShopSettings| SettingsCommand::ChangeSettings(Box::new(shop.clone()));
        let mut shop = ShopSettings { name: "Khaadi corner".into(), ..ShopSettings::default() };
        assert_eq!(apply(&mut settings, &change(&shop), &ctx).unwrap().len(), 1);
        assert_eq!(apply(&mut settings, &change(&shop), &ctx).unwrap().len(), 0);
        assert_eq!(settings.version, 1);
        shop.default_tax_code = "nowhere".into();
        assert_eq!(apply(&mut settings, &change(&shop), &ctx).unwrap_err().field().unwrap(), "/default_tax_code");
        shop.default_tax_code = "zero".into();
        shop.placement_seconds = 0;
        assert!(apply(&mut settings, &change(&shop), &ctx).is_err());
        assert_eq!(settings.version, 1);
    }
}
