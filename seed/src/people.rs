//! Who buys: 400 made-up people and firms in cities of Pakistan.

use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use serde_json::{Value, json};

use crate::SEED;

/// A customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    /// Name.
    pub name: String,
    /// Mobile number in local form.
    pub phone: String,
    /// E-mail address under a domain nobody can register.
    pub email: String,
    /// Type.
    pub kind: &'static str,
    /// Tier.
    pub tier: &'static str,
    /// Street.
    pub line1: String,
    /// Area.
    pub line2: String,
    /// City.
    pub city: &'static str,
    /// Province.
    pub province: &'static str,
    /// Credit limit in whole rupees, for those who buy on terms.
    pub credit: Option<u32>,
}

impl Customer {
    /// The address as orders carry it.
    pub fn address(&self) -> Value {
        json!({
            "name": self.name, "phone": self.phone, "line1": self.line1, "line2": self.line2,
            "city": self.city, "province": self.province, "country": "PK",
        })
    }

    /// Body of the request that makes the customer.
    pub fn body(&self) -> Value {
        json!({
            "name": self.name, "phones": [self.phone], "emails": [self.email], "type": self.kind,
            "tier": self.tier, "addresses": [self.address()], "language": "ur",
        })
    }
}

const GIVEN: [&str; 40] = [
    "Ahmed", "Ayesha", "Ali", "Fatima", "Hassan", "Hira", "Usman", "Sana", "Bilal", "Maryam", "Imran", "Zainab",
    "Hamza", "Rabia", "Faisal", "Mahnoor", "Kashif", "Nida", "Tariq", "Sidra", "Junaid", "Kiran", "Nadeem", "Amna",
    "Zubair", "Iqra", "Asif", "Mehwish", "Rizwan", "Laiba", "Shahid", "Noreen", "Waseem", "Uzma", "Farhan", "Shazia",
    "Adnan", "Bushra", "Saad", "Komal",
];
const FAMILY: [&str; 30] = [
    "Khan",
    "Ahmed",
    "Malik",
    "Sheikh",
    "Qureshi",
    "Siddiqui",
    "Butt",
    "Chaudhry",
    "Mirza",
    "Baig",
    "Raza",
    "Hashmi",
    "Ansari",
    "Memon",
    "Shah",
    "Abbasi",
    "Rajput",
    "Bhatti",
    "Awan",
    "Gill",
    "Soomro",
    "Jatoi",
    "Baloch",
    "Afridi",
    "Yousafzai",
    "Khattak",
    "Dar",
    "Lodhi",
    "Farooqi",
    "Zaidi",
];
/// City, province, areas.
const CITIES: [(&str, &str, [&str; 3]); 8] = [
    ("Karachi", "Sindh", ["Gulshan-e-Iqbal Block 13", "DHA Phase 6", "North Nazimabad Block H"]),
    ("Lahore", "Punjab", ["Model Town", "Gulberg III", "Johar Town"]),
    ("Islamabad", "Islamabad Capital Territory", ["F-10/2", "G-11/3", "I-8/4"]),
    ("Rawalpindi", "Punjab", ["Satellite Town", "Bahria Town Phase 4", "Saddar"]),
    ("Faisalabad", "Punjab", ["Peoples Colony", "Madina Town", "D Ground"]),
    ("Multan", "Punjab", ["Gulgasht Colony", "Cantt", "Shah Rukn-e-Alam"]),
    ("Peshawar", "Khyber Pakhtunkhwa", ["Hayatabad Phase 3", "University Town", "Saddar"]),
    ("Hyderabad", "Sindh", ["Latifabad Unit 7", "Qasimabad", "Saddar"]),
];
const PREFIXES: [&str; 8] = ["0300", "0301", "0311", "0321", "0333", "0336", "0345", "0346"];

/// Every customer, in a fixed order; the first twenty are firms that buy on terms.
pub fn customers() -> Vec<Customer> {
    let mut random = StdRng::seed_from_u64(SEED + 1);
    (0..400_u32)
        .map(|n| {
            let given = GIVEN.choose(&mut random).copied().unwrap_or("Ali");
            let family = FAMILY.choose(&mut random).copied().unwrap_or("Khan");
            // Half of a clothing retailer's parcels stay in its own city.
            let (city, province, areas) =
                if random.random_bool(0.5) { CITIES[0] } else { CITIES[random.random_range(1..8)] };
            let firm = n < 20;
            let person = format!("{given} {family}");
            Customer {
                name: if firm { format!("{family} Brothers Fabrics {}", n + 1) } else { person },
                // The last digits count up, so that no two are alike.
                phone: format!(
                    "{}{:03}{n:04}",
                    PREFIXES.choose(&mut random).copied().unwrap_or("0300"),
                    random.random_range(100..1000)
                ),
                email: format!("{}.{}{n}@customers.example", given.to_lowercase(), family.to_lowercase()),
                kind: if firm {
                    ["wholesale", "corporate"][n as usize % 2]
                } else if n % 25 == 0 {
                    "vip"
                } else {
                    "retail"
                },
                tier: if firm || n % 25 == 0 { "gold" } else { "" },
                line1: format!("House {}, Street {}", random.random_range(1..400), random.random_range(1..60)),
                line2: areas.choose(&mut random).copied().unwrap_or_default().to_owned(),
                city,
                province,
                credit: firm.then(|| 300_000 + (n % 5) * 250_000),
            }
        })
        .collect()
}
