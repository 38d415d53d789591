//! A child's row, tidied field by field; what could not be read keeps its raw cell.

mod child;
mod reader;

pub use child::{ChildRecord, Contact, Reading};
pub use reader::RecordReader;
