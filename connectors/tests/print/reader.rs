//! What independent programs read on the paper: poppler's `pdftoppm` and `pdftotext` turn PDF into pictures and words,
//! zbar's `zbarimg` reads the barcodes.

use std::{path::Path, process::Command};

/// A barcode as it was read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Code {
    pub kind: &'static str,
    pub data: String,
}

pub fn gs1(data: &str) -> Code {
    Code { kind: "GS1-128", data: data.to_owned() }
}

pub fn code128(data: &str) -> Code {
    Code { kind: "Code 128", data: data.to_owned() }
}

pub fn qr(data: &str) -> Code {
    Code { kind: "QR", data: data.to_owned() }
}

/// Whether the reading programs are there; says so where they are not. In continuous integration they must be.
pub fn available() -> bool {
    let missing: Vec<&str> = [("pdftoppm", "-v"), ("pdftotext", "-v"), ("zbarimg", "--version")]
        .into_iter()
        .filter(|(program, flag)| Command::new(program).arg(flag).output().is_err())
        .map(|(program, _)| program)
        .collect();
    if missing.is_empty() {
        return true;
    }
    assert!(std::env::var_os("CI").is_none(), "{missing:?} missing; scripts/prerequisites.sh test installs them");
    eprintln!("SKIPPED: {missing:?} missing (Debian: poppler-utils, zbar-tools); nothing was read back");
    false
}

fn run(command: &mut Command) -> Vec<u8> {
    let output = command.output().expect("the program starts");
    // zbarimg ends with 4 where it found no code.
    assert!(matches!(output.status.code(), Some(0 | 4)), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// The barcodes of each page, sorted, as seen at `dpi`.
pub fn codes(pdf: &[u8], dpi: u32) -> Vec<Vec<Code>> {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("paper.pdf");
    std::fs::write(&file, pdf).unwrap();
    let dpi = dpi.to_string();
    run(Command::new("pdftoppm").args(["-gray", "-r", &dpi]).arg(&file).arg(directory.path().join("page")));
    let mut pages: Vec<_> = std::fs::read_dir(directory.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "pgm"))
        .collect();
    pages.sort();
    pages.iter().map(|page| codes_of_picture(page)).collect()
}

/// The barcodes of a picture, sorted.
pub fn codes_of_picture(picture: &Path) -> Vec<Code> {
    let xml = run(Command::new("zbarimg").args(["--quiet", "--nodbus", "--xml"]).arg(picture));
    let xml = String::from_utf8(xml).unwrap();
    let mut codes: Vec<Code> = xml.split("<symbol ").skip(1).map(code).collect();
    codes.sort();
    codes
}

/// One `<symbol>` of zbar's answer.
fn code(xml: &str) -> Code {
    let (attributes, rest) = xml.split_once("><data").unwrap();
    let data = rest.split_once("<![CDATA[").unwrap().1.rsplit_once("]]>").unwrap().0.to_owned();
    let kind = match (attributes.contains("type='QR-Code'"), attributes.contains("modifiers='GS1'")) {
        (true, _) => "QR",
        (false, true) => "GS1-128",
        (false, false) if attributes.contains("type='CODE-128'") => "Code 128",
        (false, false) => panic!("an unexpected symbol: {xml}"),
    };
    Code { kind, data }
}

/// A word on a page, in points from the upper left corner.
#[derive(Debug)]
pub struct Word {
    pub text: String,
    pub left: f32,
    pub top: f32,
    pub right: f32,
    pub bottom: f32,
}

/// Width and height of a page in points, and its words.
pub type WordPage = (f32, f32, Vec<Word>);

fn pdftotext(pdf: &[u8], option: &str) -> String {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("paper.pdf");
    std::fs::write(&file, pdf).unwrap();
    String::from_utf8(run(Command::new("pdftotext").arg(option).arg(&file).arg("-"))).unwrap()
}

/// The text as a person would copy it, without marks of direction.
pub fn text(pdf: &[u8]) -> String {
    let text = pdftotext(pdf, "-nopgbrk");
    text.chars().filter(|character| !matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}')).collect()
}

/// The words of each page, line by line.
pub fn words(pdf: &[u8]) -> Vec<WordPage> {
    pdftotext(pdf, "-bbox").split("<page ").skip(1).map(page).collect()
}

fn page(html: &str) -> WordPage {
    let words = html.split("<word ").skip(1).map(|word| {
        let text = word.split_once('>').unwrap().1.split_once("</word>").unwrap().0;
        let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
        let edge = |name| attribute(word, name);
        Word { text, left: edge("xMin"), top: edge("yMin"), right: edge("xMax"), bottom: edge("yMax") }
    });
    let mut words: Vec<Word> = words.collect();
    words.sort_by(|a, b| a.top.total_cmp(&b.top).then(a.left.total_cmp(&b.left)));
    (attribute(html, "width"), attribute(html, "height"), words)
}

fn attribute(html: &str, name: &str) -> f32 {
    let (_, rest) = html.split_once(&format!("{name}=\"")).unwrap();
    rest.split_once('"').unwrap().0.parse().unwrap()
}
