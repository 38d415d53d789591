//! The first page as HTML.

use jiff::civil::Date;
use kernel::explain::Lang;

use super::{Figure, STYLE_PATH};

/// The words of the page in one language.
struct Words {
    tag: &'static str,
    title: &'static str,
    strip: &'static str,
    other: (&'static str, &'static str),
    heading: &'static str,
    as_of: &'static str,
    counted: &'static str,
    columns: [&'static str; 3],
    note: &'static str,
    plain: &'static str,
    health: &'static str,
}

const ZH: Words = Words {
    tag: "zh-CN",
    title: "护童",
    strip: "演示数据：人物均为虚构",
    other: ("en", "English"),
    heading: "全市儿童福利与保护情况",
    as_of: "截至",
    counted: "打开本页时由数据库实时统计",
    columns: ["项目", "数量", "统计口径"],
    note: "同一名儿童可以既是保障对象又是留守儿童，各项不宜简单相加。",
    plain: "系统正在运行。",
    health: "运行状态",
};

const EN: Words = Words {
    tag: "en",
    title: "Hutong",
    strip: "Demonstration data: every person is invented",
    other: ("zh", "中文"),
    heading: "Child welfare and protection in the city",
    as_of: "As of",
    counted: "counted in the database when this page was opened",
    columns: ["What", "Count", "How it was counted"],
    note: "A child can be entitled to support and left behind at once, so the lines do not simply add up.",
    plain: "The system is running.",
    health: "State of the parts",
};

fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::Zh => &ZH,
        Lang::En => &EN,
    }
}

/// The demonstration city's page.
pub(super) fn city(lang: Lang, today: Date, figures: &[Figure]) -> String {
    let words = words(lang);
    let [what, count, how] = words.columns;
    let rows: String = figures.iter().map(|figure| row(lang, figure)).collect();
    let main = format!(
        r#"<h1>{heading}</h1>
<p class="as-of">{as_of} <time datetime="{today}">{today}</time><span> · {counted}</span></p>
<div class="panel">
<table>
<thead><tr><th scope="col">{what}</th><th scope="col" class="num">{count}</th><th scope="col">{how}</th></tr></thead>
<tbody>
{rows}</tbody>
</table>
</div>
<p class="note">{note}</p>
"#,
        heading = words.heading,
        as_of = words.as_of,
        counted = words.counted,
        note = words.note,
    );
    document(words, Some(words.strip), &main)
}

/// The page of an installation that is no demonstration: no figures.
pub(super) fn plain(lang: Lang) -> String {
    let words = words(lang);
    document(words, None, &format!("<h1>{}</h1>\n", words.plain))
}

fn row(lang: Lang, figure: &Figure) -> String {
    let (name, how) = match lang {
        Lang::Zh => (&figure.zh, &figure.how_zh),
        Lang::En => (&figure.en, &figure.how_en),
    };
    let class = if figure.part { r#" class="part""# } else { "" };
    format!(
        "<tr{class}><th scope=\"row\">{}</th><td class=\"num\" id=\"{}\">{}</td><td class=\"how\">{}</td></tr>\n",
        escaped(name),
        escaped(&figure.key),
        grouped(figure.value),
        escaped(how),
    )
}

fn document(words: &Words, strip: Option<&str>, main: &str) -> String {
    let strip = strip
        .map(|text| format!("<p class=\"strip\">{text}</p>\n"))
        .unwrap_or_default();
    let (code, name) = words.other;
    format!(
        r#"<!DOCTYPE html>
<html lang="{tag}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>{title}</title>
<link rel="stylesheet" href="{STYLE_PATH}">
</head>
<body>
{strip}<header><span class="mark">{title}</span><nav><a href="/api/health">{health}</a><a href="/?lang={code}" lang="{code}">{name}</a></nav></header>
<main>
{main}</main>
</body>
</html>
"#,
        tag = words.tag,
        title = words.title,
        health = words.health,
    )
}

/// A count with its thousands apart: 1,199.
fn grouped(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut text = String::from(if value < 0 { "−" } else { "" });
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Text as it may stand in HTML, attributes included.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        for (value, text) in [
            (0, "0"),
            (60, "60"),
            (535, "535"),
            (1199, "1,199"),
            (1_234_567, "1,234,567"),
            (-1000, "−1,000"),
        ] {
            assert_eq!(grouped(value), text);
        }
    }

    #[test]
    fn text_cannot_become_markup() {
        assert_eq!(
            escaped(r#"<b a='1' c="2">&"#),
            "&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;&amp;"
        );
    }
}
