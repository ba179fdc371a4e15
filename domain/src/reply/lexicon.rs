//! What single words stand for, as a table.
//!
//! Invariant: a word stands for one thing. Words are looked up as they are, then with runs of letters squeezed, then by
//! their beginnings, then by their consonants; a word that is nowhere is [`Sense::Unknown`], which makes a reader unsure.

use super::normal::{consonants, squeezed};

/// What a word stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sense {
    /// Yes.
    Yes,
    /// A yes that is also mere politeness: "ji", "g".
    Ji,
    /// No, and "not" after or before a verb in Urdu.
    No,
    /// "not" and "don't": denies what follows.
    Not,
    /// "mat": denies the verb beside it.
    Mat,
    /// To cancel.
    Cancel,
    /// To confirm, approve, proceed.
    Confirm,
    /// To send or deliver.
    Send,
    /// To want.
    Want,
    /// To take or keep.
    Take,
    /// Need: "zaroorat", "interested".
    Need,
    /// "rehne do", "chhor do": leave it.
    Leave,
    /// An address or a place.
    Address,
    /// To change, or wrong.
    Change,
    /// New, other, another.
    Other,
    /// Where, when.
    Where,
    /// Tracking, status.
    Track,
    /// To arrive, be received.
    Arrive,
    /// "abhi tak", "still", "yet".
    Still,
    /// Messages.
    Message,
    /// To stop.
    Stop,
    /// To remove.
    Remove,
    /// To begin, again.
    Start,
    /// "number".
    Number,
    /// But.
    But,
    /// What is about something else: questions, prices, conditions, later.
    Else,
    /// Means nothing by itself.
    Filler,
    /// A number.
    Digits,
    /// Not known.
    Unknown,
}

use Sense as S;

/// Words as they are, or squeezed.
const WORDS: &[(Sense, &str)] = &[
    (
        S::Yes,
        "haan han hn haa yes yep yup yeah yea yess ok okay okey oky okk k kk sure bilkul bilkl blkl done hanji hanjee haanji theek thek thik tik teek tek thk sahi sahii manzoor manzur pakka fine perfect agree agreed right bilkool zaroor zarur great + ہاں بالکل ٹھیک اوکے یس منظور پکا درست صحیح ہان اوک ضرور",
    ),
    (S::Ji, "ji jee jii g gee je جی جناب"),
    (
        S::No,
        "nahi nhi nahin nai nae nahe nehi nahee nahen na naa no nope nah nhe nahii nahiii nahy - نہیں نہ نا نو نھیں نہی",
    ),
    (S::Not, "not dont donot doesnt didnt never wont havent hasnt without"),
    (S::Mat, "mat mt matt مت"),
    (
        S::Cancel,
        "cancel cancle cancell cancil cancal cansel kansal kensal cncl canc khatam khatm reject rejected decline declined drop mansookh mansukh cancellation cancelation cancelled canceled cancelling کینسل کنسل منسوخ ختم کینسیل",
    ),
    (
        S::Confirm,
        "confirm confirmed confrm conform cnfrm cnfirm confim confirmation konfirm proceed ahead approve approved approv accept accepted aprove کنفرم کنفارم تصدیق کنفرمڈ",
    ),
    (S::Send, "send deliver dispatch ship bhijwa bhijwao بھیج بھیجیں بھیجو بھیجنا بھجوا بھیجئے ارسال sendd dliver"),
    (
        S::Want,
        "want chahiye chahye chaiye chahie chaye chahiya chahea chahyie chiye chaheye chaahiye چاہیے چاہئے چاہیئے چاہئیے چاہتا چاہتی",
    ),
    (
        S::Take,
        "lena leni lunga loonga lungi loongi lenge lengay rakh rakhna rakhunga rakhlunga lelunga le lelo loon lun keep take buy لینا لوں رکھ رکھیں خریدنا",
    ),
    (S::Need, "zaroorat zarurat zrurat zarorat zaruurat need needed interested mood ضرورت موڈ"),
    (
        S::Leave,
        "rehne rehny rehnay rahne rahny rehnai chhor chor choro chhoro chordo choren chorden chorein leave forget رہنے چھوڑ چھوڑیں چھوڑو",
    ),
    (
        S::Address,
        "address adress addres adres adrs addresses pata pate patay location jagah jaga پتہ پتا پتے ایڈریس اڈریس لوکیشن جگہ",
    ),
    (
        S::Change,
        "change chnge chang chenge changed badal badlo badalna badlna tabdeel tabdil update updated edit correct correction galat ghalat glat ghlt wrong incorrect modify shift shifted تبدیل بدل بدلنا بدلیں چینج غلط اپڈیٹ شفٹ",
    ),
    (
        S::Other,
        "new naya naye naey nayi nay another other different doosra doosre doosri dusra dusre dusri dosra dosre dosri aur kisi office نیا نئے نئی دوسرا دوسرے دوسری کسی اور آفس",
    ),
    (S::Where, "where wheres when kahan kahaan kaha kidhar kidher kab kb کہاں کدھر کب"),
    (
        S::Track,
        "track tracking trackng traking status stats stts statu tracker shipped dispatched ٹریک ٹریکنگ سٹیٹس اسٹیٹس",
    ),
    (
        S::Arrive,
        "arrive arrived arriving received receive recieved recived aya aaya ayi aayi aye aaye ae aega ayega aayega ayegi aayegi ayga aayga aayenge mila mile milay mili milega milegi milaga mily pohancha pohcha pohncha delivered آئے آیا آئی ملا ملے ملی پہنچا پہنچے پہنچ موصول آئیگا",
    ),
    (S::Still, "still yet abtak abhitak din days late der"),
    (
        S::Message,
        "message messages msg msgs mesage massage masg messaging messagess sms میسج میسجز پیغام مسیج whatsapp واٹس واٹساپ spam list notifications notification updates promotions ads",
    ),
    (S::Stop, "stop stp band bnd unsubscribe unsub optout بند unsubscrib"),
    (S::Remove, "remove delete nikal nikaal nikalo nikalen hata hatao hatado نکال ہٹا ڈیلیٹ"),
    (S::Start, "start shuru shru subscribe unstop resume restart optin dobara again on شروع دوبارہ"),
    (S::Number, "number nmbr num نمبر"),
    (S::But, "but lekin lkn likin magar mgr however لیکن مگر"),
    (
        S::Else,
        "agar if warna ya or kya kia kaise kaisa kaisi kesay kitna kitne kitni kon kaun konsa konsi kaunsa kyun kyon kiun why what how which who can could would sakta sakte sakti size sizes color colour piece pieces quantity qty price rate paise paisay discount payment online charges charge jazzcash easypaisa cod warranty exchange return returned refund wapis kharab damaged damage defective original quality invoice bill name naam soch sochna sochta poochh pooch puch batata batati bataunga bataungi batao bata batayen later baad tomorrow wait ruk ruko rukein busy shaam subah monday tuesday wednesday thursday friday saturday sunday eid call phone fraud add half pehla pehle problem issue complaint shayad maybe large medium small bara chota open khol cheez product item bura tajurba try available stock shop dukan dukaan free hua hui hoga hogi اگر ورنہ یا کیا کیسے کتنا کتنے کتنی کون کونسا کیوں سائز رنگ قیمت پیسے کال فون سوچ بتاؤں بعد کل خراب واپس اصلی سکتا سکتے سکتی",
    ),
    (
        S::Filler,
        "rider hai h he hy hay hain ho hon hoon hun hu tha thi the please plz pls plzz plx pliz plse kindly bhai bhaiya bro sir madam mam maam yaar yar dear ap aap apka aapka mera mere meri mra mujhe mujhy muje mjhe mjhy me main mai mein mn my i im id ill a an it its this that these those is are am was be to of for in at pe par per ka ki ke ko se sy ne ye yeh yh woh wo us order orders oder ordr parcel parsal parcl delivery maal kar kr karo kro kardo krdo karden krden kardein krdein kardain krdain karein karen kren krein krain karin karna krna karni karne karwana karwa kijiye kijye do dou den dein dain dijiye dijye dena dede dedo dy de diya dia ab abhi jaldi jldi foran asap now today aaj acha achha accha achaa hmm hm salam salaam slm assalam asalam aslam assalamualaikum assalamoalaikum assalamualikum aoa alaikum alikum walaikum walikum wa o u w thanks thank thanku thankyou thnx thx tysm shukriya shukria shukriyaa jazakallah allah khair inshallah inshaallah mashallah you ur your we so then phir bhi hi bus bas just only also too jo ga gi gay ge raha rahi rahe rha rhi rhe gaya gya gayi gai gaye chuka chuki samjhein samjho samjhen samjhain wapas lo let lets go with from by mistake galti ghalti ordered mine longer any more anymore wala wali wale bhaijan beta janab ہے ہیں ہو ہوں تھا تھی کر کریں کرو کردیں کردو کرنا کرنی دیں دو دے دینا آرڈر آڈر پارسل ڈیلیوری میرا میری میرے مجھے میں نے کا کی کے کو سے پر پہ یہ وہ اب ابھی جلدی پلیز مہربانی بھائی شکریہ السلام علیکم سلام وعلیکم ان شاء اللہ اچھا بس تو بھی ہی آپ ہوگیا گیا گئی رہا",
    ),
];

/// Beginnings of words.
const STEMS: &[(Sense, &str)] = &[
    (S::Send, "bhej"),
    (S::Send, "bhij"),
    (S::Send, "bhjw"),
    (S::Send, "bejh"),
    (S::Send, "bej"),
    (S::Want, "chahi"),
    (S::Want, "chahy"),
    (S::Want, "chaiy"),
    (S::Change, "badal"),
    (S::Change, "badl"),
    (S::Change, "tabde"),
    (S::Change, "chang"),
    (S::Arrive, "pohan"),
    (S::Arrive, "pohnc"),
    (S::Arrive, "pahun"),
    (S::Arrive, "ponch"),
    (S::Arrive, "puhnc"),
    (S::Arrive, "milega"),
    (S::Arrive, "پہنچ"),
    (S::Send, "بھیج"),
    (S::Change, "بدل"),
    (S::Take, "lunga"),
    (S::Take, "loong"),
];

/// Consonants of long words, with the letters they may begin with.
const SKELETONS: &[(Sense, &str, &str)] = &[
    (S::Cancel, "cncl", "c"),
    (S::Cancel, "kncl", "k"),
    (S::Cancel, "cncld", "c"),
    (S::Cancel, "cncltn", "c"),
    (S::Cancel, "cnsl", "c"),
    (S::Cancel, "knsl", "k"),
    (S::Cancel, "cnclng", "c"),
    (S::Confirm, "cnfrm", "c"),
    (S::Confirm, "knfrm", "k"),
    (S::Confirm, "cnfrmd", "c"),
    (S::Confirm, "cnfm", "c"),
    (S::Confirm, "cnfrmtn", "c"),
    (S::Address, "drs", "a"),
    (S::Message, "msg", "m"),
    (S::Message, "msgs", "m"),
    (S::Message, "mssg", "m"),
    (S::Track, "trckng", "t"),
    (S::Track, "trkng", "t"),
    (S::Send, "dlvr", "d"),
    (S::Stop, "nsbscrb", "u"),
    (S::Start, "sbscrb", "s"),
    (S::Filler, "shkr", "s"),
    (S::Filler, "nshlh", "i"),
    (S::Filler, "plz", "p"),
    (S::Filler, "pls", "p"),
];

/// Words that a question about an order may be about, but that a person has to read: the past of "to send".
const PAST: &[&str] = &["bheja", "bheji", "bhejte", "bhejti", "bhejenge", "bhejoge", "bhejega", "بھیجا", "بھیجی"];

/// What a word stands for.
pub(super) fn sense(word: &str) -> Sense {
    if word.bytes().all(|byte| byte.is_ascii_digit()) {
        return S::Digits;
    }
    if PAST.contains(&word) {
        return S::Else;
    }
    let short = squeezed(word);
    listed(word)
        .or_else(|| listed(&short))
        .or_else(|| STEMS.iter().find(|(_, stem)| word.starts_with(stem)).map(|(sense, _)| *sense))
        .or_else(|| by_consonants(word))
        .unwrap_or(S::Unknown)
}

fn listed(word: &str) -> Option<Sense> {
    let row = WORDS.iter().find(|(_, list)| list.split(' ').any(|known| known == word));
    row.map(|(sense, _)| *sense)
}

fn by_consonants(word: &str) -> Option<Sense> {
    if word.chars().count() < 3 || !word.is_ascii() {
        return None;
    }
    let bones = consonants(word);
    let row = SKELETONS.iter().find(|(_, known, first)| *known == bones && word.starts_with(first));
    row.map(|(sense, ..)| *sense)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n25_a_word_stands_for_one_thing() {
        let mut seen = std::collections::BTreeMap::new();
        for (sense, list) in WORDS {
            for word in list.split(' ') {
                let before = seen.insert(word, *sense);
                assert!(before.is_none_or(|before| before == *sense), "{word}: {before:?} and {sense:?}");
            }
        }
    }

    #[test]
    fn n25_spellings_of_a_word_are_that_word() {
        for (word, want) in [
            ("cancell", S::Cancel),
            ("cncl", S::Cancel),
            ("cencel", S::Cancel),
            ("cnfrm", S::Confirm),
            ("confrim", S::Confirm),
            ("adress", S::Address),
            ("haaan", S::Yes),
            ("bhejdein", S::Send),
            ("chahiyay", S::Want),
            ("2", S::Digits),
            ("xyzzy", S::Unknown),
        ] {
            assert_eq!(sense(word), want, "{word}");
        }
    }
}
