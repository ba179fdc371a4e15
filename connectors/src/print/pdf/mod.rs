//! Pages as a PDF 1.7 file.
//!
//! Invariant: the same pages give the same bytes: no dates, no random identifiers. Fonts are embedded with the glyphs
//! used only; text can be searched and copied.

mod font;

use std::collections::BTreeMap;

use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr};

use self::font::Used;
use super::{
    PrintError,
    scene::{self, Area, Item, POINT, Page},
    text::{
        face::{FaceId, Fonts},
        shape::Glyph,
    },
};

/// A file of these pages, each with its own size.
///
/// # Errors
/// `font_unreadable`.
pub(crate) fn write(fonts: &Fonts, title: &str, pages: &[Page]) -> Result<Vec<u8>, PrintError> {
    let mut used: BTreeMap<FaceId, Used> = BTreeMap::new();
    let contents: Vec<Vec<u8>> = pages.iter().map(|page| content(page, &mut used)).collect();

    let mut pdf = Pdf::new();
    let mut next = 0;
    let mut reference = || {
        next += 1;
        Ref::new(next)
    };
    let (catalog, tree, info) = (reference(), reference(), reference());
    let mut root = pdf.catalog(catalog);
    root.pages(tree);
    // A label that is scaled to the paper has bars of another width than intended.
    root.viewer_preferences().display_doc_title(true).pair(Name(b"PrintScaling"), Name(b"None"));
    root.finish();
    pdf.document_info(info).title(TextStr(title)).producer(TextStr("Munshi"));

    let mut embedded = BTreeMap::new();
    for (&face, used) in &used {
        embedded.insert(face, used.embed(&mut pdf, fonts, face, &mut reference)?);
    }
    let mut kids = Vec::new();
    for (page, content) in pages.iter().zip(&contents) {
        let (id, stream) = (reference(), reference());
        let mut written = pdf.page(id);
        written.parent(tree).contents(stream);
        written.media_box(Rect::new(0.0, 0.0, page.width / POINT, page.height / POINT));
        let mut resources = written.resources();
        let mut names = resources.fonts();
        for (face, font) in &embedded {
            names.pair(Name(face.name().as_bytes()), *font);
        }
        names.finish();
        resources.finish();
        written.finish();
        pdf.stream(stream, &compressed(content)).filter(Filter::FlateDecode);
        kids.push(id);
    }
    pdf.pages(tree).count(i32::try_from(kids.len()).unwrap_or(i32::MAX)).kids(kids);
    Ok(pdf.finish())
}

fn compressed(bytes: &[u8]) -> Vec<u8> {
    miniz_oxide::deflate::compress_to_vec_zlib(bytes, 6)
}

/// The drawing commands of a page.
fn content(page: &Page, used: &mut BTreeMap<FaceId, Used>) -> Vec<u8> {
    let mut content = Content::new();
    for item in &page.items {
        match item {
            Item::Text { area, baseline, size, align, line } => {
                let x = scene::left(*area, *align, line.rtl, line.advance as f32 * size / 1000.0);
                text(&mut content, page, used, &line.glyphs, (x, *baseline), *size);
            }
            Item::Fill(area) => {
                rectangle(&mut content, page, *area);
            }
            Item::Code128 { x, y, height, module, symbol } => {
                for (first, modules) in symbol.bars() {
                    let bar = Area::new(x + first as f32 * module, *y, modules as f32 * module, *height);
                    rectangle(&mut content, page, bar);
                }
            }
            Item::Qr { x, y, module, matrix } => {
                for (row, first, modules) in matrix.runs() {
                    let (left, top) = (x + first as f32 * module, y + row as f32 * module);
                    rectangle(&mut content, page, Area::new(left, top, modules as f32 * module, *module));
                }
            }
        }
        if !matches!(item, Item::Text { .. }) {
            content.fill_nonzero();
        }
    }
    content.finish().into_vec()
}

fn rectangle(content: &mut Content, page: &Page, area: Area) {
    let bottom = page.height - area.y - area.height;
    content.rect(area.x / POINT, bottom / POINT, area.width / POINT, area.height / POINT);
}

/// Shows glyphs in runs of one face that follow each other without a gap.
fn text(
    content: &mut Content,
    page: &Page,
    used: &mut BTreeMap<FaceId, Used>,
    glyphs: &[Glyph],
    (x, baseline): (f32, f32),
    size: f32,
) {
    content.begin_text();
    let mut rest = glyphs;
    while let Some(first) = rest.first() {
        let mut end = first.x + first.advance;
        let continues = |glyph: &&Glyph| {
            let follows = glyph.face == first.face && glyph.y == first.y && glyph.x == end;
            end += glyph.advance;
            follows
        };
        let length = 1 + rest[1..].iter().take_while(continues).count();
        let (run, others) = rest.split_at(length);
        let used = used.entry(first.face).or_default();
        let encoded: Vec<u8> = run.iter().flat_map(|glyph| used.code(glyph).to_be_bytes()).collect();
        let em = size / 1000.0;
        let left = (x + first.x as f32 * em) / POINT;
        let up = (page.height - baseline + first.y as f32 * em) / POINT;
        content.set_font(Name(first.face.name().as_bytes()), size / POINT);
        content.set_text_matrix([1.0, 0.0, 0.0, 1.0, left, up]);
        content.show(Str(&encoded));
        rest = others;
    }
    content.end_text();
}
