//! What a run answers about a child, as lines of JSON.

use std::io::{self, Write};

use domain::allowances::{Answer, History, Line, Transfer, Words};
use kernel::explain::Lang;
use kernel::money::Money;
use kernel::month::Month;

/// Appends a child's lines, exceptions and transfers. `child` is its name as JSON.
pub(super) fn write(
    output: &mut Vec<u8>,
    child: &[u8],
    history: &History,
    answer: &Answer<'_>,
    pay_month: Month,
    lang: Lang,
) -> io::Result<()> {
    for line in &answer.lines {
        write_line(output, child, history, line, pay_month, lang)?;
    }
    for month in &answer.without_rate {
        begin(output, child);
        writeln!(output, r#","for_month":"{month}","exception":"no_rate"}}"#)?;
    }
    write_transfer(output, child, "guardian", answer.guardian)?;
    match answer.home {
        Some(home) => write_transfer(output, child, "home", home),
        None => Ok(()),
    }
}

fn begin(output: &mut Vec<u8>, child: &[u8]) {
    output.extend_from_slice(br#"{"child":"#);
    output.extend_from_slice(child);
}

fn write_line(
    output: &mut Vec<u8>,
    child: &[u8],
    history: &History,
    line: &Line<'_>,
    pay_month: Month,
    lang: Lang,
) -> io::Result<()> {
    begin(output, child);
    write!(
        output,
        r#","payee":"{}","pay_month":"{pay_month}","for_month":"{}","kind":"{}","class":"#,
        line.payee.code(),
        line.for_month,
        line.kind.code(),
    )?;
    match line.class {
        Some(class) => write!(output, r#""{}""#, class.code())?,
        None => output.extend_from_slice(b"null"),
    }
    write!(output, r#","amount":"{}","because":"#, line.amount)?;
    let words = Words {
        line,
        history,
        lang,
    };
    serde_json::to_writer(&mut *output, &words.to_string())?;
    output.extend_from_slice(br#","cite":"#);
    serde_json::to_writer(&mut *output, line.cite)?;
    output.extend_from_slice(b"}\n");
    Ok(())
}

fn write_transfer(
    output: &mut Vec<u8>,
    child: &[u8],
    payee: &str,
    transfer: Transfer,
) -> io::Result<()> {
    let Transfer { amount, owed } = transfer;
    begin(output, child);
    let (amount, owed): (Money, Money) = (amount, owed);
    writeln!(
        output,
        r#","payee":"{payee}","transfer":"{amount}","owed":"{owed}"}}"#
    )
}
