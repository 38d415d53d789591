//! Names that could be anybody's: surnames as common around 枣庄, given names as each generation bears them.

use kernel::resident_id::Sex;

use super::chance::Chance;

/// Which fashion of names a person was born into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Generation {
    Grandparents,
    Parents,
    Children,
}

/// Surnames with their share, roughly per thousand in southern Shandong; the last ones are rare, some of two characters.
#[rustfmt::skip]
const SURNAMES: &[(&str, usize)] = &[
    ("王", 95), ("张", 90), ("李", 88), ("刘", 80), ("孙", 42), ("陈", 36), ("赵", 34), ("杨", 32), ("徐", 30), ("马", 28),
    ("朱", 22), ("郭", 20), ("周", 20), ("高", 19), ("宋", 19), ("吴", 18), ("胡", 17), ("韩", 16), ("丁", 15), ("孔", 15),
    ("曹", 14), ("邵", 14), ("秦", 13), ("田", 12), ("董", 12), ("于", 11), ("许", 11), ("任", 11), ("黄", 11), ("褚", 10),
    ("满", 10), ("颜", 9), ("侯", 9), ("何", 9), ("种", 8), ("冯", 8), ("梁", 8), ("贾", 8), ("程", 8), ("魏", 8),
    ("杜", 8), ("郑", 8), ("彭", 7), ("姜", 7), ("渠", 7), ("鲍", 7), ("甘", 7), ("盛", 7), ("狄", 6), ("闫", 6),
    ("孟", 6), ("史", 6), ("邢", 6), ("殷", 6), ("龙", 6), ("谢", 6), ("潘", 6), ("崔", 6), ("党", 5), ("神", 4),
    ("宗", 4), ("袁", 4), ("苏", 4), ("沈", 4), ("段", 4), ("米", 3), ("沙", 3), ("金", 3), ("单", 3), ("仇", 2),
    ("欧阳", 2), ("司马", 1), ("诸葛", 1), ("上官", 1), ("尉迟", 1), ("夏侯", 1),
];

/// First and second characters of given names. A name of one character takes the second table.
struct Fashion {
    first: &'static [&'static str],
    second: &'static [&'static str],
    /// How many of a hundred have a given name of one character.
    short: usize,
}

#[rustfmt::skip]
const GRANDFATHERS: Fashion = Fashion {
    first: &["德", "广", "传", "守", "玉", "振", "成", "兆", "永", "庆", "宗", "学", "文", "明", "忠", "洪", "长", "士", "继", "开"],
    second: &["才", "福", "清", "法", "荣", "田", "友", "山", "海", "义", "臣", "启", "贵", "喜", "河", "祥", "生", "亮", "银", "厚"],
    short: 4,
};
#[rustfmt::skip]
const GRANDMOTHERS: Fashion = Fashion {
    first: &["秀", "桂", "玉", "凤", "淑", "兰", "翠", "爱", "素", "广", "永", "庆", "金", "月", "洪", "成"],
    second: &["英", "芝", "荣", "芳", "珍", "云", "华", "美", "琴", "花", "侠", "香", "梅", "菊", "真", "连", "环"],
    short: 2,
};
#[rustfmt::skip]
const FATHERS: Fashion = Fashion {
    first: &["建", "志", "海", "晓", "永", "国", "文", "立", "洪", "延", "庆", "成", "士", "光", "卫", "传", "厚", "怀", "召", "继"],
    second: &["军", "伟", "强", "峰", "涛", "勇", "刚", "波", "磊", "斌", "超", "亮", "鹏", "辉", "东", "利", "平", "林", "飞", "龙"],
    short: 22,
};
#[rustfmt::skip]
const MOTHERS: Fashion = Fashion {
    first: &["秀", "春", "海", "晓", "丽", "艳", "红", "雪", "小", "爱", "玉", "凤", "庆", "慧", "文", "建", "彩", "瑞"],
    second: &["梅", "霞", "玲", "燕", "丽", "娟", "敏", "莉", "芹", "侠", "荣", "云", "萍", "静", "芳", "婷", "红", "君", "艳"],
    short: 20,
};
#[rustfmt::skip]
const BOYS: Fashion = Fashion {
    first: &["子", "浩", "宇", "俊", "家", "文", "明", "梓", "志", "嘉", "泽", "博", "承", "昊", "宏", "一", "天", "奕", "景", "锦", "庆", "书"],
    second: &["轩", "宇", "涵", "然", "辰", "豪", "杰", "阳", "哲", "泽", "航", "洋", "鑫", "硕", "博", "霖", "铭", "睿", "恒", "毅", "凯", "诚", "旭", "晨"],
    short: 14,
};
#[rustfmt::skip]
const GIRLS: Fashion = Fashion {
    first: &["子", "雨", "思", "欣", "梦", "诗", "佳", "婉", "可", "一", "语", "若", "晨", "紫", "静", "雅", "馨", "嘉", "艺", "筱", "怡", "心"],
    second: &["涵", "萱", "怡", "琪", "彤", "妍", "琳", "婷", "瑶", "雯", "菲", "颖", "萌", "洁", "瑄", "然", "晴", "悦", "宁", "琦", "蕊", "诺", "冉", "妮"],
    short: 12,
};

/// Names that the tables could form and that everybody knows from the news, the screen or sport. A file of hardship must
/// not seem to speak of them.
#[rustfmt::skip]
const PUBLIC: &[&str] = &[
    "李强", "李鹏", "王毅", "秦刚", "董军", "王勇", "何卫东", "王立军", "孙立军", "刘志军", "任志强", "孙志刚", "李文亮", "刘晓波",
    "郭文贵", "马云", "李刚", "李宁", "李永波", "刘洋", "刘涛", "马龙", "马琳", "丁宁", "朱婷", "刘诗雯", "张学友", "张杰", "王杰",
    "王凯", "李晨", "杨洋", "韩红", "李玲玉", "杨子", "宋佳", "王刚", "张宁", "于洋", "高明", "田亮", "王涛", "李小双",
];

const ETHNICITIES: &[(&str, usize)] = &[
    ("汉族", 970),
    ("回族", 24),
    ("满族", 2),
    ("苗族", 2),
    ("蒙古族", 1),
    ("朝鲜族", 1),
];

/// A surname, the common ones often.
pub(super) fn surname(chance: &Chance) -> &'static str {
    chance.weighted(SURNAMES)
}

/// A name with this surname: a given name of one or two characters, never one character twice, never a public name.
pub(super) fn with_surname(
    chance: &Chance,
    surname: &str,
    generation: Generation,
    sex: Sex,
) -> String {
    loop {
        let name = format!("{surname}{}", given(chance, generation, sex));
        if !PUBLIC.contains(&name.as_str()) {
            return name;
        }
    }
}

/// A whole name.
pub(super) fn full(chance: &Chance, generation: Generation, sex: Sex) -> String {
    with_surname(chance, surname(chance), generation, sex)
}

fn given(chance: &Chance, generation: Generation, sex: Sex) -> String {
    let fashion = match (generation, sex) {
        (Generation::Grandparents, Sex::Male) => GRANDFATHERS,
        (Generation::Grandparents, Sex::Female) => GRANDMOTHERS,
        (Generation::Parents, Sex::Male) => FATHERS,
        (Generation::Parents, Sex::Female) => MOTHERS,
        (Generation::Children, Sex::Male) => BOYS,
        (Generation::Children, Sex::Female) => GIRLS,
    };
    let second = chance.pick(fashion.second);
    let first = chance.pick(fashion.first);
    if first == second || chance.percent(fashion.short) {
        return second.to_owned();
    }
    format!("{first}{second}")
}

/// An ethnicity in the city's shares: nearly all Han, some Hui.
pub(super) fn ethnicity(chance: &Chance) -> &'static str {
    chance.weighted(ETHNICITIES)
}

/// A boy or a girl; of the children in care somewhat more are boys.
pub(super) fn sex(chance: &Chance) -> Sex {
    if chance.percent(54) {
        Sex::Male
    } else {
        Sex::Female
    }
}
