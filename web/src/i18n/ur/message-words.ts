import type { en } from "../en/message-words";

export const ur: typeof en = {
  channel: { whatsapp: "واٹس ایپ", sms: "ایس ایم ایس", email: "ای میل" },
  status: {
    queued: "قطار میں", unknown: "معلوم کیا جا رہا ہے", accepted: "قبول ہوا", sent: "بھیجا گیا", delivered: "پہنچ گیا", read: "پڑھ لیا گیا",
    failed: "ناکام", expired: "بھیجنے کا وقت گزر گیا", suppressed: "نہیں بھیجا گیا",
  },
  code: {
    opted_out: "یہ شخص مزید پیغامات نہیں چاہتا", no_consent: "اجازت نہیں", unwanted: "یہ شخص ایسا پیغام نہیں چاہتا",
    no_channel: "کوئی چینل اس شخص تک نہیں پہنچتا", window_closed: "24 گھنٹے کی مہلت ختم ہو چکی", answered: "جواب پہلے ہی آ چکا",
  },
  why: {
    unsure: "بات سمجھ نہیں آئی", media: "تصویر یا صوتی پیغام", several_questions: "واضح نہیں کہ کس سوال کا جواب ہے",
    which_order: "واضح نہیں کہ کون سا آرڈر مراد ہے", question_unknown: "ایسے سوال کا جواب جو پوچھا نہیں گیا",
    invalid_choice: "دیے گئے جوابات میں سے نہیں", address_unread: "پتا پڑھا نہیں جا سکا", refused: "خواہش پوری نہیں ہو سکی",
    agent: "کسی فرد سے بات کرنا چاہتے ہیں", window_closed: "جواب نہیں بھیجا جا سکا: 24 گھنٹے گزر چکے ہیں",
  },
  outcome: { no_answer: "جواب نہیں ملا", confirmed: "تصدیق کی", declined: "انکار کیا", other: "کچھ اور" },
  about: {
    cod_confirmation: "کیش آن ڈیلیوری کی تصدیق", backorder: "انتظار یا منسوخی", cancel_check: "کیا واقعی منسوخ کریں؟",
    address_wanted: "نیا پتا پوچھا گیا", address_check: "کیا پتا یہی ہے؟", approval: "منظوری",
  },
  choice: { yes: "ہاں", no: "نہیں", change_address: "پتا بدلیں" },
  questionState: { open: "کھلا", answered: "جواب مل گیا", expired: "کسی نے جواب نہیں دیا", closed: "اب ضرورت نہیں" },
  category: { utility: "آرڈر کے پیغامات", marketing: "تشہیر", service: "جوابات" },
  audience: { customer: "گاہکوں کے لیے", staff: "عملے کے لیے" },
  kind: {
    order_placed: "آرڈر موصول ہوا", cod_confirmation: "کیش آن ڈیلیوری کی تصدیق", order_confirmed: "آرڈر کی تصدیق ہوئی", order_approved: "آرڈر منظور ہوا",
    order_rejected: "آرڈر مسترد ہوا", order_changed: "آرڈر بدلا", change_declined: "تبدیلی نہیں مانی گئی", backordered: "اسٹاک میں نہیں",
    parcel_shipped: "پارسل روانہ ہوا", out_for_delivery: "ڈیلیوری کے لیے نکلا", delivery_failed: "ڈیلیوری نہ ہو سکی", parcel_delivered: "پارسل پہنچ گیا",
    order_canceled: "آرڈر منسوخ ہوا", units_canceled: "کچھ اشیا منسوخ ہوئیں", cancellation_requested: "منسوخی کی درخواست",
    cancellation_refused: "منسوخی نہیں ہو سکی", order_expired: "آرڈر کی مدت ختم ہوئی", order_status: "آرڈر کہاں ہے", agent_reply: "عملے کا جواب",
    reply_cancel_check: "منسوخی کی تصدیق پوچھتا ہے", reply_kept: "آرڈر برقرار", reply_address_wanted: "پتا پوچھتا ہے",
    reply_address_check: "پوچھتا ہے کہ پتا درست ہے", reply_refused: "خواہش ممکن نہیں", reply_already_answered: "جواب پہلے آ چکا",
    reply_too_late: "جواب دیر سے آیا", reply_agent_will_answer: "عملہ جواب دے گا", reply_opted_out: "مزید پیغامات نہیں",
    reply_opted_in: "پیغامات دوبارہ", approval_request: "منظوری کی درخواست", approval_reminder: "منظوری کی یاد دہانی",
    approval_escalated: "منظوری اوپر بھیجی گئی", reply_decided: "فیصلہ درج ہوا", reply_decision_refused: "فیصلہ نہیں لیا گیا", low_stock: "اسٹاک کم ہے",
    sync_failed: "کنکشن کام نہیں کر رہا", error_alert: "کوئی خرابی ہوئی",
  },
  mode: { live: "فعال", practice: "مشق", paused: "رکا ہوا" },
  vendor: { twilio: "ٹوئیلیو", meta: "میٹا کا واٹس ایپ", smtp: "ای میل (SMTP)", webhook: "ویب ہُک", slack: "سلیک", teams: "مائیکروسافٹ ٹیمز" },
  breaker: { closed: "ٹھیک", open: "ناکامیوں کے بعد منتظر", half_open: "دوبارہ کوشش جاری", unauthorized: "شناختی معلومات مسترد" },
  deadKind: { message: "پیغام", webhook: "ویب ہُک", delivery: "آنے والی اطلاع", note: "کمرے کے لیے اطلاع" },
  result: {
    ok: "قبول ہوا", retry: "فی الحال ناکام", rate_limited: "ایک ساتھ بہت زیادہ", auth_expired: "شناختی معلومات مسترد",
    unknown: "معلوم نہیں کہ بھیجا گیا یا نہیں", permanent: "مسترد",
  },
  did: { edited: "تبدیل کیا گیا", replayed: "دوبارہ بھیجا گیا", discarded: "ترک کیا گیا", settled: "بعد کی خبر سے طے ہو گیا" },
  value: {
    name: "نام", shop: "دکان", number: "آرڈر نمبر", total: "کل رقم", items: "اشیا", payment: "ادائیگی", address: "پتا", backordered: "اسٹاک میں نہیں",
    reason: "وجہ", parcel: "پارسل", carrier: "کوریئر", tracking: "ٹریکنگ نمبر", status: "صورت حال", parcels: "پارسل", text: "متن", request: "خواہش",
    queue: "قطار", decision: "فیصلہ", sku: "SKU", warehouse: "گودام", available: "دستیاب", connection: "کنکشن", problem: "مسئلہ",
  },
  language: { en: "انگریزی", ur: "اردو" },
};
