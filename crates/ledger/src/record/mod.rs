//! A child's row, tidied field by field; what could not be read keeps its raw cell.

mod child;
mod department;
mod national;
mod reader;

pub use child::{ChildRecord, Contact, Reading};
pub use department::{PersonRecord, read_department_list};
pub use national::read_national_list;
pub use reader::RecordReader;
