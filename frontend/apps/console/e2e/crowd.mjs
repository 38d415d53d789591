/**
 * Ledgers of invented children for the timings: `node crowd.mjs FOLDER COUNT` writes a file for each county, spread over
 * all its villages, and prints county and file of each. Names are of two made up syllables and a number in letters.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder = '.', wanted = '200000'] = process.argv.slice(2);
const data = join(import.meta.dirname, '../../../../crates/kernel/data');
const rows = (file) =>
  readFileSync(join(data, file), 'utf8')
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(','));

const names = new Map(rows('divisions_cn_to_town.csv').map(([code, name]) => [code, name]));
const XUECHENG = '370403000000';
const villages = new Map();
for (const [, name, level, town] of rows('divisions_3704_villages.csv')) {
  if (level !== 'village') continue;
  const county = `${town.slice(0, 6)}000000`;
  // Some of its streets are served by the High-tech Zone: their rows would be left out.
  if (county === XUECHENG) continue;
  villages.set(county, [...(villages.get(county) ?? []), [names.get(town), name]]);
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CLASSES = ['农村留守儿童', '农村留守儿童', '重点困境儿童', '事实无人抚养儿童', '社会散居孤儿'];
const SURNAMES = '赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许';
const GIVEN = '安柏晨丹恩帆光禾嘉康兰明宁培清然思桐文希雅泽';

/** 379999 is a region that does not exist, so no number is a living person's. */
function residentId(birth, serial) {
  const body = `379999${birth.replaceAll('-', '')}${String(serial).padStart(3, '0')}`;
  const sum = WEIGHTS.reduce((all, weight, at) => all + weight * Number(body[at]), 0);
  return body + '10X98765432'[sum % 11];
}

/** Each number has a day and a serial of its own. */
function birthOf(n) {
  const day = new Date(Date.UTC(2006, 0, 1 + (n % 5400)));
  return day.toISOString().slice(0, 10);
}

const letter = (text, n) => text[n % text.length];
const share = Math.ceil(Number(wanted) / villages.size);
let n = 0;
for (const [county, places] of villages) {
  const lines = ['序号,姓名,性别,出生日期,身份证号,镇（街）,村（居）,监护人姓名,与儿童关系,类别'];
  for (let row = 1; row <= share && n < Number(wanted); row++, n++) {
    const [town, village] = places[row % places.length];
    const birth = birthOf(n);
    const serial = Math.floor(n / 5400);
    const given = letter(GIVEN, n) + letter(GIVEN, Math.floor(n / 22));
    const name = letter(SURNAMES, Math.floor(n / 484)) + given;
    const sex = serial % 2 ? '男' : '女';
    const guardian = `${name[0]}${letter(GIVEN, n + 7)}`;
    const id = residentId(birth, serial);
    const category = letter(CLASSES, Math.floor(n / 7));
    lines.push([row, name, sex, birth, id, town, village, guardian, '祖父', category].join(','));
  }
  const file = join(folder, `${county}.csv`);
  writeFileSync(file, `\uFEFF${lines.join('\n')}\n`);
  process.stdout.write(`${county} ${file}\n`);
}
