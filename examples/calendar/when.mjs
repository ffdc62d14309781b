// Days and times as people write them, a few forms in English and Chinese: normalisers for an extractor.

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const MONTHS = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december'];
const NUMBERS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];
const DIGITS = '零一二三四五六七八九';
/** Days from today. */
const NEAR = {
  today: 0, tonight: 0, tomorrow: 1, 'the day after tomorrow': 2, 'day after tomorrow': 2,
  今天: 0, 今日: 0, 今晚: 0, 今早: 0, 明天: 1, 明日: 1, 明早: 1, 明晚: 1, 后天: 2, 大后天: 3,
};

/** A number in digits or in words, up to 99; NaN for others. */
function numberOf(text) {
  if (/^\d+$/.test(text)) return Number(text);
  const word = NUMBERS.indexOf(text);
  if (word >= 0) return word;
  const [, tens, ten, ones] = /^([一二三四五六七八九])?(十)?([零一二三四五六七八九])?$/.exec(text.replace('两', '二')) ?? [];
  if (ten === undefined) return tens === undefined ? NaN : DIGITS.indexOf(tens);
  return 10 * (tens === undefined ? 1 : DIGITS.indexOf(tens)) + (ones === undefined ? 0 : DIGITS.indexOf(ones));
}

/** The name that begins as a text of three letters or more does; -1 where there is none. */
const indexOfName = (names, text) => (text.length < 3 ? -1 : names.findIndex((name) => name.startsWith(text)));

/** A day as ISO 8601 has it; days beyond the end of a month go on in the next. */
const isoDay = (year, month, day) => new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10);

/**
 * The day of a text such as `tomorrow`, `next Friday`, `in two days`, `May 3` or `下周三`, as `2026-05-03`; null
 * where this takes more than these forms.
 */
export function dayOf(text, now = new Date()) {
  const [year, month, today] = [now.getFullYear(), now.getMonth(), now.getDate()];
  const after = (days) => isoDay(year, month, today + days);
  const words = text.toLowerCase().replace(/[.,]/g, ' ').trim().replace(/\s+/g, ' ');
  if (Object.hasOwn(NEAR, words)) return after(NEAR[words]);

  // A weekday is the next that comes; with `next` or 下 it is that of the week that begins on the next Monday.
  const inWeek = (weekday, weeks) => {
    const days = (weekday - now.getDay() + 7) % 7;
    if (weeks === 0) return after(days === 0 ? 7 : days);
    const monday = (8 - now.getDay()) % 7 || 7;
    return after(monday + ((weekday + 6) % 7) + 7 * (weeks - 1));
  };
  const [, next, name] = /^(next |this |on )?([a-z]+)$/.exec(words) ?? [];
  if (name !== undefined && indexOfName(WEEKDAYS, name) >= 0) return inWeek(indexOfName(WEEKDAYS, name), next === 'next ' ? 1 : 0);
  const [, weeks, sign] = /^(下*|这|本)(?:周|星期|礼拜)([一二三四五六日天])$/.exec(words) ?? [];
  if (sign !== undefined) return inWeek(numberOf(sign) || 0, /^下+$/.test(weeks) ? weeks.length : 0);

  const [, count, unit] = /^in (\w+) (day|week)s?$/.exec(words) ?? /^([一二两三四五六七八九十\d]+)个?(天|星期|周)(?:之?后|以后)$/.exec(words) ?? [];
  if (count !== undefined) {
    const number = count === 'a' || count === 'one' ? 1 : numberOf(count);
    return Number.isNaN(number) ? null : after(number * (unit === 'day' || unit === '天' ? 1 : 7));
  }

  const [, first, second] = /^([a-z]+) (\d+)(?:st|nd|rd|th)?$/.exec(words) ?? [];
  const [, third, fourth] = /^(\d+)(?:st|nd|rd|th)?(?: of)? ([a-z]+)$/.exec(words) ?? [];
  const [, chineseMonth, chineseDay] = /^([一二三四五六七八九十\d]+)月([一二三四五六七八九十\d]+)[日号]?$/.exec(words) ?? [];
  const [monthName, day] = first === undefined ? [fourth, Number(third)] : [first, Number(second)];
  const named = monthName === undefined ? numberOf(chineseMonth ?? '') - 1 : indexOfName(MONTHS, monthName);
  const number = monthName === undefined ? numberOf(chineseDay ?? '') : day;
  if (!(named >= 0 && named < 12)) return null;
  const past = named < month || (named === month && number < today);
  const inYear = past ? year + 1 : year;
  const last = new Date(inYear, named + 1, 0).getDate();
  return number >= 1 && number <= last ? isoDay(inYear, named, number) : null;
}

const HALVES = { noon: '12:00', midday: '12:00', midnight: '00:00', 中午: '12:00', 正午: '12:00', 零点: '00:00', 午夜: '00:00' };

/**
 * The time of a text such as `3 pm`, `15:30`, `half past two`, `noon` or `下午三点半`, as `15:30` on a clock of 24
 * hours; null where this takes more than these forms. An hour without a half of the day is taken as it stands.
 */
export function timeOf(text) {
  const words = text.toLowerCase().replace(/o'clock/g, '').replace(/\s+/g, ' ').trim();
  if (Object.hasOwn(HALVES, words)) return HALVES[words];
  const clock = (hour, minute, half) => {
    if (!(hour >= 0 && hour <= 24 && minute >= 0 && minute < 60)) return null;
    const late = half === 'p' ? (hour < 12 ? hour + 12 : hour) : half === 'a' && hour === 12 ? 0 : hour;
    return `${String(late % 24).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
  };
  const [, hour, minute = '0', half] = /^(\d{1,2}|[a-z]+)(?:[:.](\d\d))? ?(?:([ap])\.?m\.?)?$/.exec(words) ?? [];
  if (hour !== undefined && !Number.isNaN(numberOf(hour))) return clock(numberOf(hour), Number(minute), half);
  const [, part, side, base] = /^(half|quarter) (past|to) (\w+)$/.exec(words) ?? [];
  if (base !== undefined) {
    const minutes = 60 * numberOf(base) + (side === 'to' ? -1 : 1) * (part === 'half' ? 30 : 15);
    return clock(Math.floor(minutes / 60), minutes % 60);
  }
  const pattern = /^(早上|上午|早|中午|下午|傍晚|晚上|晚)?([一二两三四五六七八九十\d]+)(?:点钟?|时|[:：])(半|一刻|三刻|[一二三四五六七八九十\d]+)?分?$/;
  const [, daytime, sign, rest] = pattern.exec(words) ?? [];
  if (sign === undefined) return null;
  const hours = numberOf(sign);
  const minutes = { 半: 30, 一刻: 15, 三刻: 45 }[rest] ?? (rest === undefined ? 0 : numberOf(rest));
  const open = daytime === undefined || (daytime === '中午' && hours > 10);
  return clock(hours, minutes, open ? undefined : /早|上午/.test(daytime) ? 'a' : 'p');
}
