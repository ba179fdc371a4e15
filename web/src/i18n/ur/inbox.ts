import type { en } from "../en/inbox";
import { ur as codes } from "./scan-codes";

export const ur: typeof en = {
  texts: {
    approval_waiting: "آرڈر \u2068{number}\u2069 (\u2068{amount}\u2069) آپ کے فیصلے کا منتظر ہے",
    approval_granted: "آرڈر \u2068{number}\u2069 منظور ہو گیا",
    approval_rejected: "آرڈر \u2068{number}\u2069 مسترد ہو گیا: \u2068{reason}\u2069",
    changes_requested: "آرڈر \u2068{number}\u2069 میں تبدیلی مانگی گئی ہے: \u2068{reason}\u2069",
    approval_expired: "آرڈر \u2068{number}\u2069 پر وقت پر فیصلہ نہیں ہوا",
    floor_exception: "گودام \u2068{warehouse}\u2069 میں ایک مسئلہ درج ہوا: \u2068{code}\u2069",
    floor_decision: "گودام \u2068{warehouse}\u2069 میں ایک فیصلہ درکار ہے: \u2068{about}\u2069",
    import_done: "فائل \u2068{file}\u2069 کی درآمد مکمل ہوئی: \u2068{changed}\u2069 تبدیل، \u2068{errors}\u2069 میں غلطی",
    import_failed: "فائل \u2068{file}\u2069 کی درآمد ناکام ہوئی: \u2068{code}\u2069",
    import_stopped: "فائل \u2068{file}\u2069 کی درآمد روک دی گئی",
    connection_trouble: "\u2068{connection}\u2069 میں مسئلہ ہے: \u2068{trouble}\u2069",
  },
  codes: {
    "floor_exception.code": codes,
    "floor_decision.about": {
      over_receipt: "منگوائے سے زیادہ آیا",
      variance: "گنتی کھاتے سے مختلف ہے",
      late: "اسکین دیر سے پہنچا",
      missing_pieces: "لوڈ نامکمل روانہ ہو گا",
    },
    "connection_trouble.trouble": {
      unreachable: "اس تک رسائی نہیں ہو رہی",
      unauthorized: "اس کی اسناد قبول نہیں ہوئیں",
      failing: "کچھ دیر سے کچھ قبول نہیں کیا",
      auto_paused: "بہت دیر ناکام رہا، اس لیے روک دیا گیا",
      dead_letters: "کچھ پیغام چھوڑ دیے گئے اور کسی شخص کے منتظر ہیں",
      stalled: "کام ہے مگر آگے نہیں بڑھ رہا",
      projector_stalled: "فہرستیں تازہ نہیں ہو رہیں",
      notifier_stalled: "پیغام تیار نہیں ہو رہے",
    },
  },
};
