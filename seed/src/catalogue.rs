//! What the shop sells: 500 articles of 50 invented brands, each in sizes or colors.

use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use serde_json::{Value, json};

use crate::SEED;

/// One sellable variant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// Stock-keeping unit.
    pub sku: String,
    /// Shared by the variants of an article.
    pub handle: String,
    /// Title.
    pub title: String,
    /// Title in Urdu.
    pub urdu: &'static str,
    /// Brand.
    pub brand: String,
    /// Category.
    pub category: &'static str,
    /// Option name and value.
    pub option: (&'static str, &'static str),
    /// Color.
    pub color: &'static str,
    /// Price in whole rupees.
    pub rupees: u32,
    /// Price before a reduction, in whole rupees.
    pub before: Option<u32>,
    /// Weight of a unit.
    pub grams: u32,
    /// Whether it may be sold before it is there.
    pub backorder: bool,
}

impl Product {
    /// Body of the request that makes it.
    pub fn body(&self) -> Value {
        let money = |rupees: u32| json!({ "amount": format!("{rupees}.00"), "currency": "PKR" });
        let options = json!([
            { "name": self.option.0, "value": self.option.1 },
            { "name": "Color", "value": self.color },
        ]);
        json!({ "sku": self.sku, "details": {
            "handle": self.handle,
            "title": self.title,
            "brand": self.brand,
            "category": self.category,
            "options": options,
            "price": money(self.rupees),
            "compare_at": self.before.map(money),
            "weight_grams": self.grams,
            "backorder": self.backorder,
            "description": self.urdu,
        }})
    }
}

struct Sort {
    name: &'static str,
    urdu: &'static str,
    code: &'static str,
    rupees: (u32, u32),
    grams: u32,
    option: &'static str,
    sizes: &'static [&'static str],
}

const SORTS: [Sort; 10] = [
    Sort {
        name: "Kurta",
        urdu: "کرتا",
        code: "KUR",
        rupees: (1_800, 6_500),
        grams: 320,
        option: "Size",
        sizes: &["S", "M", "L", "XL"],
    },
    Sort {
        name: "Shalwar Kameez",
        urdu: "شلوار قمیض",
        code: "SHK",
        rupees: (3_500, 12_000),
        grams: 650,
        option: "Size",
        sizes: &["S", "M", "L", "XL"],
    },
    Sort {
        name: "Lawn Suit",
        urdu: "لان سوٹ",
        code: "LWN",
        rupees: (2_900, 9_800),
        grams: 540,
        option: "Cut",
        sizes: &["2 piece", "3 piece"],
    },
    Sort {
        name: "Dupatta",
        urdu: "دوپٹہ",
        code: "DUP",
        rupees: (900, 3_200),
        grams: 160,
        option: "Size",
        sizes: &["One size"],
    },
    Sort {
        name: "Khussa",
        urdu: "کھسہ",
        code: "KHU",
        rupees: (1_500, 4_800),
        grams: 480,
        option: "Size",
        sizes: &["37", "38", "39", "40", "41"],
    },
    Sort {
        name: "Waistcoat",
        urdu: "واسکٹ",
        code: "WST",
        rupees: (4_200, 14_500),
        grams: 410,
        option: "Size",
        sizes: &["M", "L", "XL"],
    },
    Sort {
        name: "Sherwani",
        urdu: "شیروانی",
        code: "SHW",
        rupees: (18_000, 75_000),
        grams: 1_600,
        option: "Size",
        sizes: &["M", "L"],
    },
    Sort {
        name: "Chaddar",
        urdu: "چادر",
        code: "CHD",
        rupees: (1_900, 8_800),
        grams: 520,
        option: "Size",
        sizes: &["One size"],
    },
    Sort {
        name: "Peshawari Chappal",
        urdu: "پشاوری چپل",
        code: "CHP",
        rupees: (2_400, 7_900),
        grams: 700,
        option: "Size",
        sizes: &["40", "41", "42", "43", "44"],
    },
    Sort {
        name: "Kids Frock",
        urdu: "بچیوں کا فراک",
        code: "FRK",
        rupees: (1_400, 4_600),
        grams: 240,
        option: "Age",
        sizes: &["2-3", "4-5", "6-7"],
    },
];

const FIRST: [&str; 10] = ["Gul", "Noor", "Mehr", "Sada", "Rang", "Zar", "Chand", "Bahar", "Shan", "Dil"];
const SECOND: [&str; 5] = ["bagh", "mahal", "kari", "posh", "nama"];
const STYLES: [&str; 12] = [
    "Embroidered",
    "Printed",
    "Plain",
    "Block-print",
    "Festive",
    "Everyday",
    "Heritage",
    "Summer",
    "Winter",
    "Classic",
    "Handwoven",
    "Mirror-work",
];
const COLORS: [&str; 10] = ["Black", "White", "Maroon", "Teal", "Mustard", "Navy", "Rose", "Olive", "Ivory", "Sky"];

/// Every variant, in a fixed order.
pub fn products() -> Vec<Product> {
    let mut random = StdRng::seed_from_u64(SEED);
    let mut products = Vec::with_capacity(1_500);
    for article in 0..500_usize {
        let sort = &SORTS[article % SORTS.len()];
        let brand = format!("{}{}", FIRST[article / 10 % 10], SECOND[article / 100 % 5]);
        let color = COLORS.choose(&mut random).copied().unwrap_or("White");
        let style = STYLES.choose(&mut random).copied().unwrap_or("Plain");
        let rupees = random.random_range(sort.rupees.0 / 50..=sort.rupees.1 / 50) * 50 - 10;
        let before = random.random_bool(0.2).then(|| rupees + rupees / 5 / 10 * 10);
        let backorder = random.random_bool(0.1);
        let number = article + 1;
        for (n, size) in sort.sizes.iter().enumerate() {
            products.push(Product {
                sku: format!("{}-{number:03}-{}", sort.code, n + 1),
                handle: format!("{}-{number:03}", sort.name.to_lowercase().replace(' ', "-")),
                title: format!("{style} {} {color}", sort.name),
                urdu: sort.urdu,
                brand: brand.clone(),
                category: sort.name,
                option: (sort.option, size),
                color,
                rupees,
                before,
                grams: sort.grams,
                backorder,
            });
        }
    }
    products
}
