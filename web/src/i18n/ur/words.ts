import type { en } from "../en/words";

export const ur: typeof en = {
  status: {
    draft: "مسودہ", placing: "درج ہو رہا ہے", pending: "تصدیق باقی", pending_approval: "منظوری کا منتظر", approved: "منظور شدہ",
    processing: "گودام میں", shipped: "راستے میں", delivered: "پہنچ گیا", returned: "واپس آ گیا", canceled: "منسوخ",
    rejected: "نامنظور", expired: "میعاد ختم", discarded: "ترک شدہ", pending_cancellation: "منسوخ ہو رہا ہے",
  },
  badge: {
    on_hold: "روکا ہوا", backorder: "اسٹاک کا انتظار", change_pending: "تبدیلی زیرِ غور", partially_canceled: "جزوی منسوخ",
    partially_shipped: "جزوی روانہ", partially_delivered: "جزوی پہنچا", returning: "واپس آ رہا ہے",
    partially_returned: "جزوی واپس", imported: "درآمد شدہ",
  },
  channel: {
    online: "آن لائن دکان", offline: "کاؤنٹر یا فون", b2b_portal: "تھوک پورٹل", mobile: "موبائل ایپ",
    social: "سوشل اور چیٹ", marketplace: "مارکیٹ پلیس",
  },
  orderType: { regular: "عام", recurring: "بار بار", subscription: "سبسکرپشن", rush: "جلدی والا", emergency: "ہنگامی", sample: "نمونہ" },
  priority: { low: "کم", normal: "عام", high: "زیادہ", critical: "فوری" },
  payment: { cod: "ڈیلیوری پر نقد", prepaid: "پیشگی ادا شدہ", terms: "ادھار پر" },
  hold: {
    manual: "دستی", payment: "ادائیگی", stock: "اسٹاک", address: "پتہ", credit: "ادھار", risk: "خطرہ",
    cod_unconfirmed: "نقد ادائیگی کی تصدیق باقی", compliance: "قواعد", channel: "چینل", cancellation: "منسوخی", change: "تبدیلی",
  },
  stage: {
    open: "باقی", reserved: "محفوظ", allocated: "مختص", backordered: "اسٹاک کا انتظار", picking: "چنائی میں", packed: "پیک شدہ",
    in_transit: "کوریئر کے پاس", delivered: "پہنچ گیا", rto_pending: "واپس آ رہا ہے", returned: "واپس آ گیا", canceled: "منسوخ", lost: "گم شدہ",
  },
  parcel: {
    planned: "طے شدہ", queued: "قطار میں", picking: "چنائی میں", picked: "چن لیا گیا", released: "گودام میں", packed: "پیک شدہ", booked: "بُک شدہ",
    handed_over: "کوریئر کے حوالے", delivered: "پہنچ گیا", returning: "واپس آ رہا ہے", returned: "واپس آ گیا", lost: "گم شدہ", canceled: "منسوخ",
  },
  carrier: {
    booked: "بُک شدہ", picked_up: "کوریئر نے اٹھا لیا", in_transit: "راستے میں", at_destination: "منزل کے شہر میں", out_for_delivery: "ڈیلیوری کے لیے نکلا",
    attempt_failed: "ڈیلیوری کی کوشش ناکام", returning: "بھیجنے والے کو واپس", damaged: "نقصان زدہ", delivered: "پہنچ گیا",
    returned_to_sender: "بھیجنے والے کے پاس واپس", lost: "گم شدہ",
  },
  role: {
    admin: "منتظم", sales_manager: "سیلز مینیجر", finance: "مالیات", customer_service: "کسٹمر سروس",
    warehouse: "گودام", viewer: "ناظر",
  },
  customerType: { retail: "پرچون", wholesale: "تھوک", vip: "خاص", corporate: "کارپوریٹ", government: "سرکاری" },
  customerState: { active: "فعال", blocked: "بند", merged: "ضم شدہ", erased: "مٹایا گیا" },
  step: {
    active: "منتظر", approved: "منظور", rejected: "نامنظور", changes_requested: "تبدیلی مانگی گئی", escalated: "اوپر بھیجا گیا",
    expired: "میعاد ختم", canceled: "واپس لیا گیا", withdrawn: "واپس لیا گیا", superseded: "منسوخ شدہ نسخہ", pending: "ابھی باری نہیں", open: "کھلا",
  },
  decision: { approve: "منظور کیا", reject: "نامنظور کیا", request_changes: "تبدیلی مانگی" },
};
