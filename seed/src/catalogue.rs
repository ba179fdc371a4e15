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

/// The sorts: name, name in Urdu, code, cheapest and dearest in rupees, grams, what tells variants apart, variants.
const SORTS: [Sort; 10] = [
    sort(("Kurta", "کرتا", "KUR"), (1_800, 6_500), 320, "Size", &["S", "M", "L", "XL"]),
    sort(("Shalwar Kameez", "شلوار قمیض", "SHK"), (3_500, 12_000), 650, "Size", &["S", "M", "L", "XL"]),
    sort(("Lawn Suit", "لان سوٹ", "LWN"), (2_900, 9_800), 540, "Cut", &["2 piece", "3 piece"]),
    sort(("Dupatta", "دوپٹہ", "DUP"), (900, 3_200), 160, "Size", &["One size"]),
    sort(("Khussa", "کھسہ", "KHU"), (1_500, 4_800), 480, "Size", &["37", "38", "39", "40", "41"]),
    sort(("Waistcoat", "واسکٹ", "WST"), (4_200, 14_500), 410, "Size", &["M", "L", "XL"]),
    sort(("Sherwani", "شیروانی", "SHW"), (18_000, 75_000), 1_600, "Size", &["M", "L"]),
    sort(("Chaddar", "چادر", "CHD"), (1_900, 8_800), 520, "Size", &["One size"]),
    sort(("Peshawari Chappal", "پشاوری چپل", "CHP"), (2_400, 7_900), 700, "Size", &["40", "41", "42", "43", "44"]),
    sort(("Kids Frock", "بچیوں کا فراک", "FRK"), (1_400, 4_600), 240, "Age", &["2-3", "4-5", "6-7"]),
];

const fn sort(
    (name, urdu, code): (&'static str, &'static str, &'static str),
    rupees: (u32, u32),
    grams: u32,
    option: &'static str,
    sizes: &'static [&'static str],
) -> Sort {
    Sort { name, urdu, code, rupees, grams, option, sizes }
}

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
