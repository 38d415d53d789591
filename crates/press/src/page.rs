//! Pages: where the lines, the tables and the seal stand. Lengths in points (1/72 inch), from the upper left corner.

use domain::document::{Block, Cell, Document};

use crate::font::Glyphs;
use crate::line::lines;

/// A millimetre.
const MM: f32 = 72.0 / 25.4;
/// A4.
pub(crate) const WIDTH: f32 = 210.0 * MM;
pub(crate) const HEIGHT: f32 = 297.0 * MM;
// GB/T 9704: 37 mm above, 28 mm at the binding, a field of 156 by 225 mm.
const LEFT: f32 = 28.0 * MM;
const TOP: f32 = 37.0 * MM;
const FIELD: f32 = 156.0 * MM;
const BOTTOM: f32 = TOP + 225.0 * MM;
/// 小二号, for a title.
const TITLE: f32 = 20.0;
/// 四号, for what is read.
const BODY: f32 = 14.0;
const PITCH: f32 = 25.0;
/// 小四号, for tables.
const SMALL: f32 = 12.0;
const SMALL_PITCH: f32 = 18.0;
/// Between a cell's border and its words.
const PADDING: f32 = 5.0;
/// A county's seal is 42 mm across at most.
const SEAL: f32 = 42.0 * MM;
/// How high the room for an opinion is.
const ROOM: f32 = 20.0 * MM;

/// A line of text, by the left end of its base line.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Text {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) size: f32,
    pub(crate) text: String,
}

/// A rectangle drawn as a thin line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Frame {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) width: f32,
    pub(crate) height: f32,
}

/// A page.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Page {
    pub(crate) texts: Vec<Text>,
    pub(crate) frames: Vec<Frame>,
}

/// What the pages say besides the document: the room for the seal, and the number of each page.
pub(crate) const OWN_WORDS: &str = "（盖章处）第页共0123456789 ";

struct Flow<'a> {
    glyphs: &'a Glyphs,
    pages: Vec<Page>,
    /// The upper edge of what comes next.
    y: f32,
}

/// Sets a document on pages.
pub(crate) fn pages(document: &Document, glyphs: &Glyphs) -> Vec<Page> {
    let mut flow = Flow {
        glyphs,
        pages: vec![Page::default()],
        y: TOP,
    };
    flow.centred(&document.title, TITLE, TITLE * 1.6);
    if let Some(number) = &document.number {
        flow.centred(number, SMALL, PITCH);
    }
    flow.y += PITCH / 2.0;
    for (index, block) in document.blocks.iter().enumerate() {
        flow.keep(document.blocks.get(index..).unwrap_or_default());
        match block {
            Block::Heading(text) | Block::Paragraph(text) => flow.paragraph(text, 2.0 * BODY),
            Block::Line(text) => flow.paragraph(text, 0.0),
            Block::Table(rows) => rows.iter().for_each(|row| flow.row(row)),
            Block::Seal { office, day } => flow.seal(office, day),
        }
    }
    flow.numbered()
}

impl Flow<'_> {
    /// The upper edge of something so high, on this page or, where there is no room, on the next.
    fn place(&mut self, height: f32) -> f32 {
        if self.y + height > BOTTOM && self.y > TOP {
            self.pages.push(Page::default());
            self.y = TOP;
        }
        let y = self.y;
        self.y += height;
        y
    }

    /// Begins a page where what these blocks begin with would be torn: a heading from what it is over, and the seal from
    /// the last words, since a page of nothing but a seal can be laid under any letter.
    fn keep(&mut self, blocks: &[Block]) {
        let together = blocks.iter().take(together(blocks));
        let height: f32 = together.map(|block| self.height(block)).sum();
        if self.y + height > BOTTOM && height <= BOTTOM - TOP {
            self.pages.push(Page::default());
            self.y = TOP;
        }
    }

    /// How high a block of text or a seal is.
    fn height(&self, block: &Block) -> f32 {
        let of = |text, indent| lines(text, self.glyphs, BODY, FIELD, indent).len() as f32 * PITCH;
        match block {
            Block::Heading(text) | Block::Paragraph(text) => of(text, 2.0 * BODY),
            Block::Line(text) => of(text, 0.0),
            // A row is never torn, and a table may be between its rows.
            Block::Table(_) => 0.0,
            Block::Seal { .. } => SEAL + PITCH / 2.0,
        }
    }

    fn page(&mut self) -> &mut Page {
        // There is a first page from the beginning.
        let last = self.pages.len() - 1;
        &mut self.pages[last]
    }

    fn write(&mut self, x: f32, y: f32, size: f32, text: String) {
        self.page().texts.push(Text { x, y, size, text });
    }

    fn centred(&mut self, text: &str, size: f32, pitch: f32) {
        for line in lines(text, self.glyphs, size, FIELD, 0.0) {
            let y = self.place(pitch);
            let x = LEFT + (FIELD - self.glyphs.width(&line, size)) / 2.0;
            self.write(x, y + size, size, line);
        }
    }

    fn paragraph(&mut self, text: &str, indent: f32) {
        let broken = lines(text, self.glyphs, BODY, FIELD, indent);
        for (index, line) in broken.into_iter().enumerate() {
            let y = self.place(PITCH);
            let x = if index == 0 { LEFT + indent } else { LEFT };
            self.write(x, y + BODY, BODY, line);
        }
    }

    /// A row of a table; it is never torn between pages.
    fn row(&mut self, cells: &[Cell]) {
        let labels = cells.iter().filter(|cell| is_label(cell)).count() as f32;
        let label = 27.0 * MM;
        let others = (cells.len() as f32 - labels).max(1.0);
        let wide = (FIELD - labels * label) / others;
        let width = |cell: &Cell| if is_label(cell) { label } else { wide };
        let broken: Vec<Vec<String>> = cells
            .iter()
            .map(|cell| {
                let inner = width(cell) - 2.0 * PADDING;
                lines(cell.text(), self.glyphs, SMALL, inner, 0.0)
            })
            .collect();
        let needs = |(cell, lines): (&Cell, &Vec<String>)| {
            let text = lines.len() as f32 * SMALL_PITCH + 2.0 * PADDING;
            match cell {
                Cell::Room(_) => text.max(ROOM),
                Cell::Label(_) | Cell::Text(_) => text,
            }
        };
        let height = cells.iter().zip(&broken).map(needs).fold(0.0, f32::max);
        let y = self.place(height);
        let mut x = LEFT;
        for (cell, lines) in cells.iter().zip(broken) {
            let width = width(cell);
            let frame = Frame {
                x,
                y,
                width,
                height,
            };
            self.page().frames.push(frame);
            let filled = lines.len() as f32 * SMALL_PITCH;
            let above = match cell {
                // Words at the foot of a room leave it free for what is written and stamped.
                Cell::Room(_) => height - filled - PADDING,
                Cell::Label(_) | Cell::Text(_) => (height - filled) / 2.0,
            };
            for (index, line) in lines.into_iter().enumerate() {
                let base = y + above + index as f32 * SMALL_PITCH + SMALL + 1.0;
                self.write(x + PADDING, base, SMALL, line);
            }
            x += width;
        }
    }

    /// Office and day at the right, one above the other, in the middle of the room that the seal takes.
    fn seal(&mut self, office: &str, day: &str) {
        let y = self.place(SEAL + PITCH / 2.0) + PITCH / 2.0;
        let middle = y + SEAL / 2.0;
        let right = LEFT + FIELD;
        let widest = self
            .glyphs
            .width(office, BODY)
            .max(self.glyphs.width(day, BODY));
        let centre = right - (widest / 2.0).max(SEAL / 2.0);
        let said = [
            (office, BODY, 0.0),
            (day, BODY, PITCH),
            ("（盖章处）", 9.0, -PITCH),
        ];
        for (text, size, below) in said {
            let x = centre - self.glyphs.width(text, size) / 2.0;
            self.write(x, middle + below, size, text.to_owned());
        }
    }

    fn numbered(mut self) -> Vec<Page> {
        let all = self.pages.len();
        for (index, page) in self.pages.iter_mut().enumerate() {
            let text = format!("第 {} 页 共 {all} 页", index + 1);
            let x = (WIDTH - self.glyphs.width(&text, 9.0)) / 2.0;
            let y = BOTTOM + 12.0 * MM;
            page.texts.push(Text {
                x,
                y,
                size: 9.0,
                text,
            });
        }
        self.pages
    }
}

/// How many of these blocks, from the first, stay on one page.
fn together(blocks: &[Block]) -> usize {
    match blocks {
        [Block::Heading(_), rest @ ..] => 1 + together(rest).max(usize::from(!rest.is_empty())),
        [Block::Paragraph(_) | Block::Line(_), Block::Seal { .. }, ..] => 2,
        _ => 0,
    }
}

const fn is_label(cell: &Cell) -> bool {
    matches!(cell, Cell::Label(_))
}
