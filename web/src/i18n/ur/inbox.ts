import type { en } from "../en/inbox";

export const ur: typeof en = {
  connection_trouble: {
    unreachable: "اس تک رسائی نہیں ہو رہی",
    unauthorized: "اس کی اسناد قبول نہیں ہوئیں",
    failing: "کچھ دیر سے کچھ قبول نہیں کیا",
    auto_paused: "بہت دیر ناکام رہا، اس لیے روک دیا گیا",
    dead_letters: "کچھ پیغام چھوڑ دیے گئے اور کسی شخص کے منتظر ہیں",
    stalled: "کام ہے مگر آگے نہیں بڑھ رہا",
    projector_stalled: "فہرستیں تازہ نہیں ہو رہیں",
    notifier_stalled: "پیغام تیار نہیں ہو رہے",
  },
  floor_decision: {
    over_receipt: "منگوائے سے زیادہ آیا",
    variance: "گنتی کھاتے سے مختلف ہے",
    late: "اسکین دیر سے پہنچا",
    missing_pieces: "لوڈ نامکمل روانہ ہو گا",
  },
};
