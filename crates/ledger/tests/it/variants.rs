//! Layouts and spellings that offices use, each with what must and must not be reported.

use crate::support::{check_bytes, check_text, found};
use ledger::LedgerError;

const HEADER: &str = "序号,姓名,性别,出生日期,身份证号,镇（街）,村（居）,联系电话,类别,银行账号\n";
const SOUND: &str = "1,种明东,女,2016-08-17,370403201608179527,沙沟镇,曹沃村村委会,15172934411,事实无人抚养,6280426632014298069\n";

fn codes(text: &str) -> Vec<String> {
    found(&check_text(text))
        .into_iter()
        .map(|(_, _, code)| code)
        .collect()
}

/// The codes reported for the sound child with one value replaced.
fn with(from: &str, to: &str) -> Vec<String> {
    codes(&format!("{HEADER}{}", SOUND.replace(from, to)))
}

#[test]
fn spellings_of_a_birth() {
    for birth in [
        "2016/8/17",
        "2016.8.17",
        "2016年8月17日",
        "20160817",
        "２０１６－０８－１７",
        "2016-08-17 00:00:00",
        "二〇一六年八月十七日",
        "42599",
        "2016年08月17",
        "17-Aug-2016",
        "2016 8 17",
        "2016–8–17",
        "20160817.0",
        "42599.0",
        "2016年8月17日生",
        "2016年8月17日出生",
        "2016-08-17 上午 12:00:00",
        "",
    ] {
        assert!(with("2016-08-17", birth).is_empty(), "{birth}");
    }
    for birth in [
        "2016年8月",
        "2016-13-01",
        "2016-02-30",
        "不详",
        "16.8.17",
        "2016",
        "8/17/2016",
        "2022-01-01",
    ] {
        assert_eq!(with("2016-08-17", birth), ["date.unreadable"], "{birth}");
    }
    assert_eq!(with("2016-08-17", "2016-08-18"), ["id.birth_mismatch"]);
}

#[test]
fn spellings_of_a_resident_id() {
    for id in [
        "\t370403201608179527",
        "'370403201608179527",
        "370403 20160817 9527",
        "\u{200B}370403201608179527\u{FEFF}",
        "３７０４０３２０１６０８１７９５２７",
        "370403201608179527。",
        "“370403201608179527”",
        "370403201608179527'",
        "=\"370403201608179527\"",
        "\"=\"\"370403201608179527\"\"\"",
    ] {
        assert!(with("370403201608179527", id).is_empty(), "{id}");
    }
    let faults = [
        ("3.70403E+17", "id.precision_lost"),
        ("37040320160817952A", "id.character"),
        ("370403160817952", "id.old_form"),
        ("37040320160817952", "id.length"),
        ("990403201608179527", "id.region"),
        ("370403201613179527", "id.date"),
        ("370403201608179528", "id.checksum"),
        ("", "field.missing"),
        ("无", "field.missing"),
    ];
    for (id, code) in faults {
        assert_eq!(with("370403201608179527", id), [code], "{id}");
    }
}

#[test]
fn spellings_of_a_telephone() {
    for phone in [
        "151-7293-4411",
        "+86 15172934411",
        "151 7293 4411",
        "0632-5551234",
        "(0632)5551234",
        "06325551234",
        "010-62345678",
        "15172934411/0632-5551234",
        "15172934411、13900000000",
        "15172934411 13900000000",
        "母亲：15172934411",
        "0632-5551234转801",
        "138 0000 0000 139 0000 0000",
        "13800000000(父)13900000000(母)",
        "13800000000&13900000000",
        "13800000000+13900000000",
        "13800000000\\13900000000",
        "",
    ] {
        assert!(with("15172934411", phone).is_empty(), "{phone}");
    }
    for phone in [
        "1517293441",
        "151729344111",
        "12172934411",
        "5551234",
        "15172934411/1390000000",
        "1517293441113900000001 5",
        "1517293441112900000000",
        "1517293441O",
        "电话",
    ] {
        assert_eq!(with("15172934411", phone), ["phone.invalid"], "{phone}");
    }
}

#[test]
fn spellings_of_a_village() {
    for village in [
        "曹沃村",
        "曹沃",
        "曹沃村委会",
        "曹沃村民委员会",
        "曹沃村村民委员会",
        "沙沟镇曹沃村村委会",
        "薛城区沙沟镇曹沃村",
        "山东省枣庄市薛城区沙沟镇曹沃村",
        "曹 沃 村",
    ] {
        assert!(with("曹沃村村委会", village).is_empty(), "{village}");
    }
    assert_eq!(with("曹沃村村委会", "张家不存在村"), ["division.unknown"]);
    assert_eq!(
        with("曹沃村村委会", "孟岭村委会"),
        ["division.unknown"],
        "a village of another town"
    );
    assert_eq!(
        with("沙沟镇", "荆河街道"),
        ["division.unknown"],
        "a town of another county"
    );
    assert!(with("沙沟镇", "沙沟").is_empty());
    assert!(with("沙沟镇", "薛城区沙沟镇").is_empty());
    assert_eq!(with("曹沃村村委会", ""), ["field.missing"]);
}

/// The rows that are reported, of a sheet of 滕州市 with one child in each of these villages.
fn unplaced(homes: &[(&str, &str)], has_towns: bool) -> Vec<u32> {
    let town = |town: &str| {
        if has_towns {
            format!("{town},")
        } else {
            String::new()
        }
    };
    let mut text = format!("姓名,身份证号,{}村（居）,类别\n", town("镇（街）"));
    for (of, village) in homes {
        text += &format!("虚构甲,37048120160817,{}{village},事实孤儿\n", town(of));
    }
    let report = check_bytes("x.csv", text.into_bytes(), "370481").unwrap();
    let issues = report.issues.iter();
    issues
        .filter(|issue| issue.code.as_str() == "division.unknown")
        .map(|issue| issue.row)
        .collect()
}

#[test]
fn a_town_holds_for_the_blank_cells_below_it_and_for_nothing_else() {
    // Several towns have a 小刘庄, 大坞镇 one of them.
    let homes = [
        ("荆河街道", "荆庄社区居委会"),
        ("大坞镇", "没有的村"),
        ("", "小刘庄村委会"),
        ("", "大坞南村委会"),
        ("", "荆庄社区居委会"),
        ("", "荆河街道荆庄社区居委会"),
        ("没有的镇", "大坞南村委会"),
        ("", "小刘庄村委会"),
    ];
    assert_eq!(unplaced(&homes, true), [3, 6, 8, 9]);
    assert_eq!(
        unplaced(&homes, false),
        [3, 4, 9],
        "without a column of towns no row tells anything of another"
    );
}

#[test]
fn other_faults_of_a_row() {
    assert_eq!(with("种明东", ""), ["field.missing"]);
    assert_eq!(with("女", "男"), ["id.sex_mismatch"]);
    assert_eq!(with("事实无人抚养", "待定"), ["category.unknown"]);
    assert_eq!(
        with("6280426632014298069", "6280426632014298068"),
        ["bank.luhn"]
    );
    assert!(with("6280426632014298069", "6280 4266 3201 4298 069").is_empty());
    assert!(
        with("6280426632014298069", "9999999999").is_empty(),
        "no card number"
    );
    assert_eq!(
        with("女,2016-08-17,370403201608179527", "男,2003-10-31,").len(),
        2,
        "of age by the birth column, and no id"
    );
    assert!(with("女,2016-08-17", "女,/").is_empty());
}

#[test]
fn a_card_number_that_a_number_cell_rounded_is_reported_though_its_check_digit_fits() {
    let mut output = rust_xlsxwriter::Workbook::new();
    let sheet = output.add_worksheet();
    let child = ["种明东", "370403201608179527", "曹沃村", "事实孤儿"];
    for (column, heading) in (0..).zip(["姓名", "身份证号", "村（居）", "类别", "银行账号"])
    {
        sheet.write_string(0, column, heading).unwrap();
    }
    let accounts = [
        6_235_029_435_717_210_000.0,
        // Of 16 digits all may be there, and a passbook has no check digit.
        6_235_029_435_710_010.0,
        37_048_100_012_345_680.0,
    ];
    for (row, account) in (1..).zip(accounts) {
        for (column, text) in (0..).zip(child) {
            sheet.write_string(row, column, text).unwrap();
        }
        sheet.write_number(row, 4, account).unwrap();
    }
    let report = check_bytes("x.xlsx", output.save_to_buffer().unwrap(), "370403").unwrap();
    let cards = report
        .issues
        .iter()
        .filter(|issue| issue.code.as_str() == "bank.luhn");
    assert_eq!(cards.map(|issue| issue.row).collect::<Vec<_>>(), [2]);
}

#[test]
fn age_is_reached_on_the_birthday_itself() {
    let on = |birth: &str| with("2016-08-17,370403201608179527", &format!("{birth},"));
    assert_eq!(on("2003-10-31"), ["field.missing", "age.over_limit"]);
    assert_eq!(on("2003-11-01"), ["field.missing"]);
}

#[test]
fn asides_are_no_children() {
    let tail = "2,,,,,,,,,\n,,,,,,,,,\n沙沟镇,,,,,,,,,\n小  计,1人,,,,,,,,\n合 计,1人,,,1,,,,,\n填表人：张三,,,审核人：,李四,,,,,\n注：本表一式两份,,,,,,,,,\n";
    let report = check_text(&format!(
        "滕州市台账\n\n{HEADER}甲,乙,1,2,3,4,5,6,7,8\n{SOUND}{tail}{HEADER}"
    ));
    assert_eq!((found(&report), report.children), (Vec::new(), 1));
}

#[test]
fn signatures_counts_and_pages_are_no_children_wherever_they_stand() {
    for tail in [
        ",局长：,,科长：,,,,,,",
        ",会计：,,出纳:,所长：,,,,,",
        ",,,,民政局（盖章）,,,,,2021年10月31日",
        "总人数,12,其中：男,6,,,,,,",
        ",,,,,,村（居）委会（盖章）：,,镇政府（盖章）：,日期：",
        ",人数,12,,,,,,,",
        ",,,第1页,,共2页,,,,",
        "2,签字,,,李四,,,,,",
    ] {
        let report = check_text(&format!("{HEADER}{SOUND}{tail}\n"));
        assert_eq!((found(&report), report.children), (Vec::new(), 1), "{tail}");
    }
}

#[test]
fn a_child_without_an_id_is_never_passed_over_for_a_word() {
    for row in [
        "审核通过,种明东,女,2016-08-17,,沙沟镇,曹沃村,15172934411,事实无人抚养,",
        "说明,种明东,,,,,曹沃村,,事实无人抚养,",
        "1,种明东,女,2016-08-17,,沙沟镇,曹沃村,15172934411,,未盖章",
    ] {
        let report = check_text(&format!("{HEADER}{row}\n"));
        assert_eq!(report.children, 1, "{row}");
        assert!(!report.issues.is_empty(), "{row}");
    }
}

#[test]
fn a_row_with_an_id_is_a_child_whatever_its_first_cell_says() {
    for first in [
        "审核通过",
        "说明",
        "小计",
        "累计救助3次",
        "填报单位：沙沟镇",
        "日期",
    ] {
        for id in ["370403201608179527", "37040320160817952", "3.70403E+17"] {
            let text = format!("审核状态,姓名,身份证号,村（居）,类别\n{first},种明东,{id},,\n");
            assert_eq!(check_text(&text).children, 1, "{first} {id}");
        }
    }
    // A subtotal of a village and a class is nobody, wherever its word stands.
    for total in [
        "小计,,,曹沃村,孤儿",
        "1,合计,,12个村,孤儿35人",
        ",小计,,曹沃村,孤儿",
    ] {
        let text = format!("审核状态,姓名,身份证号,村（居）,类别\n{total}\n");
        assert_eq!(check_text(&text).children, 0, "{total}");
    }
    let signed = "审核人：,张三,2021年10月31日 电话13800000000,,\n小计,,1人,,\n";
    let text = format!("审核状态,姓名,身份证号,村（居）,类别\n{signed}");
    assert_eq!(check_text(&text).children, 0);
}

#[test]
fn rows_are_counted_as_a_spreadsheet_counts_them() {
    let broken = SOUND
        .replace("种明东", "\"种\n明东\"")
        .replace("15172934411", "1");
    let report = check_text(&format!("\n\n{HEADER}\n{SOUND}{broken}"));
    assert!(
        found(&report).iter().all(|(row, ..)| *row == 6),
        "{:?}",
        found(&report)
    );
}

#[test]
fn one_name_is_recognised_under_every_spelling_of_its_dot() {
    for dot in ['.', '．', '●', '▪', '﹒', '。', '丶', '•'] {
        let namesake =
            "2,阿依DOT买买提,女,2016-08-17,370403201608170020,沙沟镇,曹沃村,,事实孤儿,\n"
                .replace("DOT", &dot.to_string());
        let first = SOUND.replace("种明东", "阿依·买买提");
        assert_eq!(
            codes(&format!("{HEADER}{first}{namesake}")),
            ["duplicate.person"],
            "{dot}"
        );
    }
}

#[test]
fn duplicates_are_reported_on_the_later_row() {
    let namesake = SOUND.replace("370403201608179527", "370403201608170020");
    let renamed = SOUND.replace("种明东", "罗英怡");
    assert_eq!(codes(&format!("{HEADER}{SOUND}{SOUND}")), ["duplicate.id"]);
    assert_eq!(
        codes(&format!("{HEADER}{SOUND}{namesake}")),
        ["duplicate.person"]
    );
    let report = check_text(&format!("{HEADER}{SOUND}{renamed}"));
    assert_eq!(
        report.issues[0].code.severity(),
        ledger::check::Severity::Block
    );
}

#[test]
fn columns_in_another_order_and_under_other_names() {
    let text = "困境类型;所在村;乡镇;公民身份号码;儿童 姓名;监护人联系电话;父亲身份证号\n事实孤儿;曹沃村;沙沟;370403201608179527;种　明东;15172934411;370403198001010\n";
    let report = check_text(text);
    assert_eq!(
        found(&report),
        [(2, "父亲身份证号".to_owned(), "id.old_form".to_owned())]
    );
}

#[test]
fn headings_that_offices_use_are_known() {
    let sound = [
        "种明东",
        "370403201608179527",
        "沙沟镇",
        "曹沃村",
        "事实孤儿",
    ];
    let columns = [
        [
            "孩子姓名",
            "居民身份证",
            "镇（街道）名称",
            "居住村（居）",
            "人员类型",
        ],
        [
            "保障对象姓名",
            "身份证编号",
            "乡镇名",
            "现居住村居",
            "困境儿童分类",
        ],
        [
            "受助人姓名",
            "身份证号",
            "镇街",
            "家庭所在村",
            "保障对象类别",
        ],
        ["幼儿姓名", "身份证号码2", "镇街", "村庄名称", "分类"],
    ];
    for headings in columns {
        let text = format!("{}\n{}\n", headings.join(","), sound.join(","));
        assert!(found(&check_text(&text)).is_empty(), "{headings:?}");
    }
    let faulty = [
        ("银行帐户", "6280426632014298068", "bank.luhn"),
        ("惠民惠农“一卡通”帐号", "6280426632014298068", "bank.luhn"),
        ("存折号1", "6280426632014298068", "bank.luhn"),
        ("联系电话1", "123", "phone.invalid"),
        ("父亲联系电话2", "123", "phone.invalid"),
        ("家长电话", "123", "phone.invalid"),
        ("联系人及电话", "张三123", "phone.invalid"),
        ("出生", "2016-13-01", "date.unreadable"),
        ("男/女", "男", "id.sex_mismatch"),
    ];
    for (heading, value, code) in faulty {
        let text = format!(
            "姓名,身份证号,村（居）,类别,{heading}\n种明东,370403201608179527,曹沃村,事实孤儿,{value}\n"
        );
        assert_eq!(codes(&text), [code], "{heading}");
    }
}

#[test]
fn groups_above_columns_that_are_merged_downwards() {
    let text = "台账,,,,,,,\n姓名,身份证号,村（居）,类别,父亲,,母亲,\n,,,,姓名,身份证号,姓名,联系电话\n种明东,370403201608179527,曹沃村,事实无人抚养,张三,,李四,123\n";
    let report = check_text(text);
    assert_eq!(
        found(&report),
        [(4, "联系电话".to_owned(), "phone.invalid".to_owned())]
    );
}

#[test]
fn what_only_a_child_has_is_the_childs_under_whatever_group_it_stands() {
    let runs_on = "台账,,,,,,,\n,,,父亲,,母亲,,,\n姓名,身份证号,村（居）,姓名,联系电话,姓名,联系电话,类别,备注\n种明东,370403201608179527,曹沃村,张三,13800000000,李四,123,事实孤儿,\n";
    assert_eq!(
        found(&check_text(runs_on)),
        [(4, "联系电话".to_owned(), "phone.invalid".to_owned())]
    );
    for above in ["家庭住址", "户籍", "所在地", "现居住地情况"] {
        let text = format!(
            "序号,儿童基本信息,,{above},,类别\n,姓名,身份证号,镇（街）,村（居）,\n1,种明东,370403201608179527,沙沟镇,没有的村,事实孤儿\n"
        );
        assert_eq!(
            found(&check_text(&text)),
            [(3, "村（居）".to_owned(), "division.unknown".to_owned())],
            "{above}"
        );
    }
}

#[test]
fn an_empty_form_in_front_of_the_ledger_is_not_read_instead_of_it() {
    let headings = ["姓名", "身份证号", "村（居）", "类别", "备注"];
    let child = ["种明东", "370403201608179527", "没有的村", "事实孤儿"];
    let mut output = rust_xlsxwriter::Workbook::new();
    let form = output.add_worksheet().set_name("模板").unwrap();
    form.write_row(0, 0, headings).unwrap();
    let ledger = output.add_worksheet().set_name("台账").unwrap();
    ledger
        .write_row(0, 0, headings[..4].iter().copied())
        .unwrap();
    ledger.write_row(1, 0, child).unwrap();
    let report = check_bytes("x.xlsx", output.save_to_buffer().unwrap(), "370403").unwrap();
    assert_eq!(
        found(&report),
        [(2, "村（居）".to_owned(), "division.unknown".to_owned())]
    );
    assert!(
        report.layout.passed_over.is_empty(),
        "the form is no ledger"
    );
}

#[test]
fn the_title_stands_for_a_missing_column_of_categories() {
    let text =
        "薛城区农村留守儿童花名册,,\n姓名,身份证号,村（居）\n种明东,370403201608179527,曹沃村\n";
    assert!(found(&check_text(text)).is_empty());
    let error = check_bytes(
        "x.csv",
        text.replace("农村留守儿童", "").into_bytes(),
        "370403",
    )
    .unwrap_err();
    assert!(
        matches!(error, LedgerError::MissingColumn { row: 2, missing, .. } if missing == ["类别"])
    );
}

#[test]
fn encodings_and_separators() {
    let text = format!("{HEADER}{SOUND}");
    let utf16: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain(
            text.replace(',', "\t")
                .encode_utf16()
                .flat_map(u16::to_le_bytes),
        )
        .collect();
    let gb18030 = encoding_rs::GB18030.encode(&text).0.into_owned();
    let with_mark = ["\u{FEFF}", &text].concat().into_bytes();
    for bytes in [
        utf16,
        gb18030,
        with_mark,
        text.replace('\n', "\r\n").into_bytes(),
        text.replace('\n', "\r").into_bytes(),
        [&text, "\u{1A}"].concat().into_bytes(),
    ] {
        assert!(found(&check_bytes("x.csv", bytes, "370403").unwrap()).is_empty());
    }
}
