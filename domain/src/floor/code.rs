//! The codes of the floor: what can be wrong with a scan (40xx to 42xx) and with a piece of work (50xx to 59xx).
//!
//! Invariant: a word and its number are stable and never reused; a code that several flows raise is one code with one
//! number, from the range where it first appears (warehouse-floor.md). [`Group::codes`] is what a flow may raise, and
//! the tests of each flow hold it to exactly that. It does not know status codes or languages.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// How a device sounds when it shows a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Beep {
    /// Done.
    Ok,
    /// The operator is asked something.
    Confirm,
    /// Stop and look.
    Stop,
}

macro_rules! codes {
    ($($variant:ident = $num:literal $word:literal, $beep:ident, $text:literal;)*) => {
        /// A code of the floor.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u16)]
        pub enum FloorCode {
            $(#[doc = $text] $variant = $num,)*
        }

        impl FloorCode {
            /// All of them, in order of number.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable word.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// How it sounds.
            pub const fn beep(self) -> Beep {
                match self { $(Self::$variant => Beep::$beep,)* }
            }

            /// What is wrong and what the operator does about it, in English.
            pub const fn text(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// The code of a word.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

codes! {
    TooOld = 1014 "too_old", Confirm, "this was done more than 72 hours ago; a supervisor decides";
    Empty = 4001 "empty", Stop, "nothing was read; scan again";
    TooLong = 4002 "too_long", Stop, "the code is too long";
    BadUtf8 = 4003 "bad_utf8", Stop, "the code is not text";
    ControlChar = 4004 "control_char", Stop, "the code has a control character that no code may have";
    Truncated = 4005 "truncated", Stop, "the code was cut off; scan again";
    TwoScansJoined = 4006 "two_scans_joined", Stop, "two scans came as one; scan again, one at a time";
    WrongLayout = 4007 "wrong_layout", Stop, "the keyboard layout of the scanner is wrong";
    UnknownSymbology = 4008 "unknown_symbology", Stop, "codes of this kind are not read here";
    BadCheckDigit = 4101 "bad_check_digit", Stop, "the check digit is wrong; scan again";
    UnknownAi = 4102 "unknown_ai", Stop, "the code has an unknown application identifier";
    AiLength = 4103 "ai_length", Stop, "a value of the code has a wrong length";
    AiCharset = 4104 "ai_charset", Stop, "a value of the code has a character it may not have";
    EmptyValue = 4105 "empty_value", Stop, "a value of the code is empty";
    BadDate = 4106 "bad_date", Stop, "a date of the code is no date";
    TrailingData = 4107 "trailing_data", Stop, "the code has more than its values";
    RepeatConflict = 4108 "repeat_conflict", Stop, "the code says two things about one value";
    AiMutex = 4109 "ai_mutex", Stop, "the code has values that exclude each other";
    IncompletePair = 4110 "incomplete_pair", Confirm, "scan the other label too";
    Fnc1Suspect = 4111 "fnc1_suspect", Confirm, "the lot may have swallowed other values; check it";
    RestrictedGtin = 4112 "restricted_gtin", Stop, "the number is for restricted circulation and the site has no rule for it";
    DlBadOrder = 4113 "dl_bad_order", Stop, "the parts of the link are in a wrong order";
    DlBadHostScheme = 4114 "dl_bad_host_scheme", Stop, "the link is no web address";
    NoMatch = 4201 "no_match", Stop, "nothing here has this code";
    AmbiguousScan = 4202 "ambiguous_scan", Confirm, "the code could mean several things; choose one";
    UnexpectedScan = 4203 "unexpected_scan", Stop, "the code is known but not what is asked for now";
    QtyLooksLikeBarcode = 4204 "qty_looks_like_barcode", Stop, "the quantity looks like a barcode; enter a number";
    Conflict = 5001 "conflict", Stop, "somebody else was first; the answer has the current row";
    StaleTask = 5002 "stale_task", Stop, "the task has changed; the answer has the current view";
    AlreadyDone = 5003 "already_done", Stop, "this was done already";
    ConfirmByRescan = 5004 "confirm_by_rescan", Confirm, "scan it again to confirm";
    NoPermission = 5005 "no_permission", Stop, "the operator has no right to this at this site";
    ReasonRequired = 5006 "reason_required", Confirm, "a reason is required";
    OfflineNotAllowed = 5007 "offline_not_allowed", Stop, "this needs a connection";
    NoWork = 5008 "no_work", Confirm, "there is no work for this operator";
    LeaseLost = 5009 "lease_lost", Stop, "the work was given to another operator";
    UserUnknown = 5101 "user_unknown", Stop, "nobody has this badge";
    PinWrong = 5102 "pin_wrong", Stop, "the PIN is wrong";
    NoRoleAtSite = 5103 "no_role_at_site", Stop, "the operator has no role at this site";
    SignedOnElsewhere = 5104 "signed_on_elsewhere", Confirm, "the operator is signed on at another device; confirm to take over";
    ClockSkew = 5105 "clock_skew", Confirm, "the clock of the device is wrong";
    DocNotFound = 5201 "doc_not_found", Stop, "there is no such document";
    DocClosed = 5202 "doc_closed", Stop, "the document is closed";
    DocOtherSite = 5203 "doc_other_site", Stop, "the document belongs to another site";
    DocLockedBy = 5204 "doc_locked_by", Stop, "another device works on the document";
    SsccNotOnAsn = 5205 "sscc_not_on_asn", Stop, "the plate was not announced";
    SsccAlreadyReceived = 5206 "sscc_already_received", Stop, "the plate was received before";
    ItemNotOnDoc = 5207 "item_not_on_doc", Stop, "the item is not on the document";
    OverReceipt = 5208 "over_receipt", Stop, "more than was ordered; it waits for approval";
    LotRequired = 5209 "lot_required", Stop, "the item needs its lot; scan it";
    ExpiryRequired = 5210 "expiry_required", Stop, "the item needs its expiry date; scan or enter it";
    ExpiredOnArrival = 5211 "expired_on_arrival", Stop, "the goods have expired; put them aside";
    ShelfLifeShort = 5212 "shelf_life_short", Stop, "too little shelf life is left; put the goods aside";
    LotExpiryConflict = 5213 "lot_expiry_conflict", Stop, "the lot is known with another expiry date";
    LotOtherItem = 5214 "lot_other_item", Confirm, "the lot number is also used by another item";
    SerialDuplicate = 5215 "serial_duplicate", Stop, "the serial number is in stock or was scanned before";
    SerialCountMismatch = 5216 "serial_count_mismatch", Stop, "the quantity is not the number of serials scanned";
    CountAiMismatch = 5217 "count_ai_mismatch", Stop, "the quantity is not the one on the label";
    WeightAiUnexpected = 5218 "weight_ai_unexpected", Stop, "the label has a weight but the item is not sold by weight";
    PackLevelUnknown = 5219 "pack_level_unknown", Stop, "nobody knows how many units this packaging has";
    QtyZero = 5220 "qty_zero", Stop, "the quantity must be at least 1";
    QtyFractionNotAllowed = 5221 "qty_fraction_not_allowed", Stop, "the quantity must be a whole number";
    DoorInUse = 5222 "door_in_use", Stop, "another receipt uses this dock";
    CloseWithOpenLines = 5223 "close_with_open_lines", Confirm, "lines are open; confirm to close them short";
    LpnUnknown = 5301 "lpn_unknown", Stop, "there is no such plate";
    LpnNotStaged = 5302 "lpn_not_staged", Stop, "the plate is not ready to be put away";
    LpnAlreadyStored = 5303 "lpn_already_stored", Stop, "the plate was put away before";
    LpnOnHold = 5304 "lpn_on_hold", Stop, "the plate is on hold";
    LpnLeasedBy = 5305 "lpn_leased_by", Stop, "another operator has the plate";
    LocUnknown = 5306 "loc_unknown", Stop, "there is no such location";
    LocBlocked = 5307 "loc_blocked", Stop, "the location is blocked";
    LocCounting = 5308 "loc_counting", Stop, "the location is being counted";
    LocFull = 5309 "loc_full", Stop, "the location has no room for it";
    MixLot = 5310 "mix_lot", Stop, "the location holds another lot of the item";
    MixItem = 5311 "mix_item", Stop, "the location holds another item";
    TempClass = 5312 "temp_class", Stop, "the location has the wrong temperature";
    HazmatConflict = 5313 "hazmat_conflict", Stop, "dangerous goods of this class may not be there";
    WrongZone = 5314 "wrong_zone", Stop, "the item belongs in another zone";
    SameAsSource = 5315 "same_as_source", Stop, "the goods are there already";
    CheckDigitsWrong = 5316 "check_digits_wrong", Stop, "the check digits are not those of the location";
    OverrideNoPermission = 5317 "override_no_permission", Stop, "the operator may not override this";
    SourceEmpty = 5318 "source_empty", Stop, "there is nothing of it at the source";
    QtyGtSource = 5319 "qty_gt_source", Stop, "there are fewer units at the source";
    ReservedStock = 5320 "reserved_stock", Stop, "the units are reserved for a pick";
    DestNotPickFace = 5321 "dest_not_pick_face", Stop, "the destination is no pick face";
    ReplenCancelled = 5322 "replen_cancelled", Stop, "the replenishment was cancelled";
    WrongLocation = 5401 "wrong_location", Stop, "this is not the location of the line";
    WrongItem = 5402 "wrong_item", Stop, "this is not the item of the line";
    WrongLot = 5403 "wrong_lot", Stop, "this is not the lot of the line";
    FefoViolation = 5404 "fefo_violation", Stop, "an older lot must go first";
    LotExpired = 5405 "lot_expired", Stop, "the lot has expired";
    LotOnHold = 5406 "lot_on_hold", Stop, "the lot is on hold";
    LotRecalled = 5407 "lot_recalled", Stop, "the lot was recalled";
    SerialNotHere = 5408 "serial_not_here", Stop, "the serial number is not at this location";
    SerialAlreadyPicked = 5409 "serial_already_picked", Stop, "the serial number was picked before";
    OverPick = 5410 "over_pick", Stop, "more than the line needs";
    LpnQtyGtNeed = 5411 "lpn_qty_gt_need", Stop, "the plate has more than the line needs";
    UomMismatch = 5412 "uom_mismatch", Stop, "the packaging does not divide what the line needs";
    ToteUnknown = 5413 "tote_unknown", Stop, "there is no such tote";
    ToteOtherOrder = 5414 "tote_other_order", Stop, "the tote belongs to another order";
    ToteNotEmpty = 5415 "tote_not_empty", Stop, "the tote is not empty";
    SlotMismatch = 5416 "slot_mismatch", Stop, "this is the wrong slot of the cart";
    LineCancelled = 5417 "line_cancelled", Stop, "the line was cancelled; put the goods back";
    ItemNotOnList = 5418 "item_not_on_list", Stop, "the item is not on the list";
    ShortFoundGtNeed = 5419 "short_found_gt_need", Stop, "more was found than is needed";
    ShortTwice = 5420 "short_twice", Stop, "the line was reported short before";
    NotInOrder = 5501 "not_in_order", Stop, "the item is not in the order";
    OverPack = 5502 "over_pack", Stop, "more than the order needs";
    FromOtherTote = 5503 "from_other_tote", Stop, "the item comes from another tote";
    CartonTypeNotAllowed = 5504 "carton_type_not_allowed", Stop, "this carton may not be used";
    HazmatMix = 5505 "hazmat_mix", Stop, "these dangerous goods may not go together";
    SerialRequired = 5506 "serial_required", Stop, "the item needs its serial number; scan it";
    WeightOutOfTolerance = 5507 "weight_out_of_tolerance", Confirm, "the weight is not the expected one; weigh again";
    CloseEmpty = 5508 "close_empty", Stop, "the carton is empty";
    CartonClosed = 5509 "carton_closed", Stop, "the carton is closed";
    OrderOnHold = 5510 "order_on_hold", Stop, "the order is on hold";
    LabelPrinterDown = 5511 "label_printer_down", Stop, "the label printer does not answer";
    OrderIncomplete = 5512 "order_incomplete", Confirm, "items are missing; confirm to close short";
    SsccNotOnLoad = 5601 "sscc_not_on_load", Stop, "the plate is not on this load";
    CartonOpen = 5602 "carton_open", Stop, "the carton is open";
    AlreadyLoaded = 5603 "already_loaded", Stop, "the plate was loaded before";
    WrongDoor = 5604 "wrong_door", Stop, "the load leaves from another door";
    WrongStopOrder = 5605 "wrong_stop_order", Stop, "another stop must be loaded first";
    OrderHold = 5606 "order_hold", Stop, "the order is held back";
    MissingPieces = 5607 "missing_pieces", Stop, "pieces are missing; it waits for approval";
    SealRequired = 5608 "seal_required", Stop, "the load needs a seal";
    SealDuplicate = 5609 "seal_duplicate", Stop, "the seal was used before";
    TrackingMissing = 5610 "tracking_missing", Stop, "a parcel has no tracking number";
    CutoffPassed = 5611 "cutoff_passed", Stop, "the cut-off has passed";
    AlreadyDeparted = 5612 "already_departed", Stop, "the load has departed";
    LocNotInTask = 5701 "loc_not_in_task", Stop, "the location is not in this count";
    SubmitWithoutLocation = 5702 "submit_without_location", Stop, "scan the location first";
    SameUserRecount = 5703 "same_user_recount", Stop, "somebody else must count again";
    QtyAbsurd = 5704 "qty_absurd", Confirm, "the location cannot hold that many; enter it again to confirm";
    CountLeasedBy = 5705 "count_leased_by", Stop, "another device counts this";
    DoubleSubmit = 5706 "double_submit", Stop, "the count was submitted before";
    ExpiredLotFound = 5707 "expired_lot_found", Confirm, "the lot has expired; it is counted and put on hold";
    UnexpectedItem = 5708 "unexpected_item", Confirm, "the books do not have the item here; it is counted";
    StaleCount = 5709 "stale_count", Stop, "too much moved during the count; count again";
    RmaNotFound = 5801 "rma_not_found", Stop, "there is no such return";
    RmaClosed = 5802 "rma_closed", Stop, "the return is closed";
    RmaExpired = 5803 "rma_expired", Stop, "the return came too late";
    NotOnOrder = 5804 "not_on_order", Stop, "the item was not in the order";
    ReturnGtShipped = 5805 "return_gt_shipped", Stop, "more than was shipped";
    AlreadyReturned = 5806 "already_returned", Stop, "this was returned before";
    SerialMismatch = 5807 "serial_mismatch", Stop, "another serial number was shipped; call a supervisor";
    RecalledForceQuarantine = 5808 "recalled_force_quarantine", Stop, "the lot was recalled; it goes to quarantine";
    DispositionNotAllowed = 5809 "disposition_not_allowed", Stop, "goods of this grade may not go there";
    ExpiredCannotRestock = 5810 "expired_cannot_restock", Stop, "expired goods may not be sold again";
    GradeRequired = 5811 "grade_required", Stop, "grade the goods first";
    BlockExhausted = 5901 "block_exhausted", Stop, "the device has no plate numbers left";
    SsccReuse = 5902 "sscc_reuse", Stop, "the plate number was used too recently";
    SsccForeignPrefix = 5903 "sscc_foreign_prefix", Stop, "the plate number is not one of ours";
    VoidNotEmpty = 5904 "void_not_empty", Stop, "the plate is not empty";
}

impl FloorCode {
    /// The stable number.
    pub const fn number(self) -> u16 {
        self as u16
    }
}

impl std::fmt::Display for FloorCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}

impl Serialize for FloorCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

impl<'de> Deserialize<'de> for FloorCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&word).ok_or_else(|| de::Error::custom(format!("unknown floor code {word:?}")))
    }
}

/// Codes that belong together: what one flow may raise beside [`Group::Input`], [`Group::Resolution`] and
/// [`Group::Common`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "each variant is the section of the same name in warehouse-floor.md")]
pub enum Group {
    Input,
    Resolution,
    Common,
    SignOn,
    Receive,
    PutAway,
    Move,
    Pick,
    Pack,
    Ship,
    Count,
    Return,
    Inquiry,
    Plate,
}

impl Group {
    /// Its codes, as warehouse-floor.md lists them.
    pub fn codes(self) -> Vec<FloorCode> {
        use FloorCode as C;
        let range = |from: u16, to: u16| {
            FloorCode::ALL.iter().copied().filter(move |code| (from..=to).contains(&code.number())).collect::<Vec<_>>()
        };
        let with = |mut codes: Vec<FloorCode>, more: &[FloorCode]| {
            codes.extend_from_slice(more);
            codes
        };
        match self {
            Self::Input => range(4001, 4199),
            Self::Resolution => range(4201, 4299),
            Self::Common => range(5001, 5099),
            Self::SignOn => range(5101, 5199),
            Self::Receive => range(5201, 5299),
            Self::PutAway => range(5301, 5317),
            Self::Move => range(5301, 5322),
            Self::Pick => with(range(5401, 5499), &[C::ReasonRequired]),
            Self::Pack => range(5501, 5599),
            Self::Ship => with(range(5601, 5699), &[C::OfflineNotAllowed]),
            Self::Count => with(range(5701, 5799), &[C::SerialDuplicate]),
            Self::Return => range(5801, 5899),
            Self::Inquiry => vec![C::NoMatch, C::NoPermission],
            Self::Plate => with(range(5901, 5999), &[C::LpnUnknown]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_numbers_are_unique_and_in_order() {
        assert!(FloorCode::ALL.windows(2).all(|pair| pair[0].number() < pair[1].number()));
        let words: std::collections::BTreeSet<_> = FloorCode::ALL.iter().map(|code| code.word()).collect();
        assert_eq!(words.len(), FloorCode::ALL.len());
        for code in FloorCode::ALL {
            assert_eq!(FloorCode::parse(code.word()), Some(*code));
        }
    }
}
