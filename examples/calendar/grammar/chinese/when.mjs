const numerals = ['', '一', '二', '三', '四', '五', '六', '七', '八', '九', '十'];
const han = (number) => {
  if (number <= 10) return numerals[number];
  if (number < 20) return `十${numerals[number - 10]}`;
  return `${numerals[Math.floor(number / 10)]}十${numerals[number % 10]}`;
};
const hanHour = (hour) => (hour === 2 ? '两' : han(hour));
const two = (number) => String(number).padStart(2, '0');

export const when = {
  weekdayend: ['一', '二', '三', '四', '五', '六', '日', '天'],
  digitweekday: ['1', '2', '3', '4', '5'],
  weekday: [
    '*6 周{weekdayend}', '*3 星期{weekdayend}', '*2 礼拜{weekdayend}', '*5 下周{weekdayend}', '*3 这周{weekdayend}', '*2 本周{weekdayend}',
    '*1 下星期{weekdayend}', '*1 下个周{weekdayend}', '*1 下下周{weekdayend}', '*1 下礼拜{weekdayend}', '这个周{weekdayend}', '下个星期{weekdayend}',
    '周{digitweekday}', '下周{digitweekday}', '上周{weekdayend}', '这个星期{weekdayend}',
  ],
  plainweekday: ['*4 周{weekdayend}', '*1 星期{weekdayend}', '*1 下周{weekdayend}', '礼拜{weekdayend}'],
  month: (random) => (random.chance(0.65) ? String(random.integer(1, 12)) : han(random.integer(1, 12))),
  monthday: (random) => {
    const month = random.integer(1, 12);
    const day = random.integer(1, 30);
    return random.pick([
      `${month}月${day}号`, `${month}月${day}日`, `${month}月${day}日`, `${han(month)}月${han(day)}号`, `${han(month)}月${han(day)}日`, `${month}月${day}`, `${month}月${day}号`,
    ]);
  },
  monthdayend: (random) => {
    const day = random.integer(2, 30);
    return random.pick([`${day}号`, `${day}日`, `${han(day)}号`]);
  },
  numericdate: (random) => {
    const year = random.integer(2024, 2027);
    const month = random.integer(1, 12);
    const day = random.integer(1, 28);
    return random.pick([`${year}年${month}月${day}日`, `${year}-${two(month)}-${two(day)}`, `${month}/${day}`, `${month}.${day}`, `${month}-${day}`, `${year}/${month}/${day}`, `${two(month)}-${two(day)}`, `${year}年${month}月`]);
  },
  holiday: [
    '国庆节', '中秋节', '春节', '端午节', '元旦', '清明节', '圣诞节', '情人节', '除夕', '大年初一', '劳动节', '五一', '国庆', '元宵节', '平安夜', '儿童节',
    '教师节', '七夕', '中秋', '重阳节', '母亲节', '双十一', '妇女节', '年三十', '初三', '正月十五', '腊月二十三', '五一假期', '国庆假期',
  ],
  fewdays: ['两天', '三天', '五天', '3天', '2天', '一周', '两周', '一个月', '两个月', '10天', '十天', '一个星期', '半个月', '四天', '几天'],
  date: [
    '*10 明天', '*6 今天', '*5 后天', '*1 大后天', '*10 {weekday}', '*7 {monthday}', '*3 {monthdayend}', '*2 {numericdate}', '*2 {holiday}', '*2 下周',
    '*1 这周', '*1 下个月', '*1 本月底', '*1 月底', '*1 周末', '*1 这周末', '*1 下周末', '这个周末', '明儿', '下个月{monthdayend}', '{fewdays}后',
    '{fewdays}之后', '{fewdays}以后',
    '{monthday}周{weekdayend}', '周{weekdayend}{monthday}', '这个月{monthdayend}', '下月初', '年底', '月初', '明日', '今日', '这两天', '下月{monthdayend}',
    '下周末', '{month}月份', '{month}月底', '{month}月初', '明后天', '本月{monthdayend}', '{monthday}星期{weekdayend}', '后儿', '明年{month}月', '工作日',
  ],
  // One word for a day and a part of it counts as a day.
  partday: ['*5 今晚', '*4 明晚', '*3 明早', '今早', '当晚', '昨晚', '今夜'],
  evening: ['*5 今晚', '*4 明晚', '今夜'],
  eveningclock: (random) => random.pick([`${han(random.integer(6, 11))}点`, `${han(random.integer(6, 10))}点半`, `${random.integer(6, 10)}点`, `${random.integer(6, 10)}点半`, `${random.integer(18, 22)}:${random.pick(['00', '30', '15'])}`, `${random.integer(6, 10)}:${random.pick(['00', '30'])}`]),
  dawn: ['*3 明早', '今早'],
  dawnclock: (random) => random.pick([`${han(random.integer(6, 10))}点`, `${han(random.integer(6, 9))}点半`, `${random.integer(6, 10)}点`, `${random.integer(6, 9)}:${random.pick(['00', '30', '15'])}`, `${random.integer(6, 9)}点半`]),
  repeat: [
    '*3 每天', '*4 每周{weekdayend}', '每个周{weekdayend}', '*2 每周', '每个月{monthdayend}', '每月{monthdayend}', '每隔一周', '每两周', '每个工作日', '每晚',
    '每个月', '每星期{weekdayend}', '每年{monthday}', '每逢周{weekdayend}', '每周{weekdayend}、周{weekdayend}', '每隔三天', '工作日',
  ],
  period: [
    '*3 下周', '*3 这周', '*2 本周', '*2 这个月', '*2 下个月', '本月', '{month}月', '周末', '这个周末', '最近几天', '接下来三天', '今年', '下半年', '这几天',
    '上周', '这个礼拜', '下礼拜', '{month}月份',
  ],

  part: ['*4 下午', '*4 上午', '*4 晚上', '*2 早上', '*1 中午', '傍晚', '凌晨', '早晨', '清晨', '夜里', '午后'],
  hourforms: (random) => {
    const part = random.pick(['上午', '上午', '上午', '早上', '早上', '下午', '下午', '下午', '晚上', '晚上', '中午', '凌晨']);
    const low = { 上午: 8, 早上: 6, 下午: 1, 晚上: 6, 中午: 11, 凌晨: 1 }[part];
    const hour = random.integer(low, { 上午: 11, 早上: 9, 下午: 6, 晚上: 11, 中午: 12, 凌晨: 5 }[part]);
    const minute = random.pick(['', '', '', '半', '半', '一刻', '三刻', '十分', '二十', '四十五', '整', '钟', '四十']);
    const digits = random.pick(['', '', '', '半', '30', '30分', '15分', '45', '钟', '10', '20分', '40']);
    return random.pick([
      `${part}${hanHour(hour)}点${minute}`, `${part}${hanHour(hour)}点${minute}`, `${part}${hanHour(hour)}点${minute}`, `${part}${hour}点${digits}`, `${part}${hour}点${digits}`, `${part}${hour}:${random.pick(['00', '30', '15', '45', '20'])}`,
      `${hanHour(hour)}点${minute}`, `${hour}点${digits}`, `${hour}点${digits}`,
    ]);
  },
  digital: (random) => `${random.pick([8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21])}${random.pick([':', ':', ':', '：'])}${random.pick(['00', '30', '15', '45', '20', '10', '40', '50'])}`,
  spelled: (random) => {
    const hour = random.integer(1, 12);
    return random.pick([`差${random.pick(['五分', '十分', '一刻'])}${hanHour(hour)}点`, `早${random.integer(6, 9)}点`, `晚${random.integer(6, 10)}点`, `${hanHour(hour)}点钟`, `${random.integer(13, 22)}点`, `${random.integer(13, 21)}点半`, `晚上${random.integer(6, 9)}点半`]);
  },
  clock: ['*40 {hourforms}', '*12 {digital}', '*6 {spelled}', '*3 中午', '零点', '半夜十二点'],
  shortclock: (random) => random.pick([`${hanHour(random.integer(1, 12))}点`, `${hanHour(random.integer(1, 12))}点半`, `${random.integer(1, 12)}点`, `${random.integer(1, 12)}点半`, `${random.integer(8, 20)}:${random.pick(['00', '30', '15'])}`]),
  soon: ['*2 半小时后', '*2 一小时后', '两小时后', '十分钟后', '20分钟后', '5分钟后', '一个小时后', '一刻钟后', '半个小时之后', '两个小时以后', '15分钟之后', '半小时以后', '3小时后', '四十分钟后'],
  loosetime: ['下班后', '午饭后', '放学后', '饭后', '下班前', '睡前', '晚饭后', '上班前', '午休时', '下课后', '中午休息时'],
  time: ['*12 {clock}', '*2 {part}', '*1 {loosetime}'],
  timespan: [
    '*3 {TIME:clock}到{TIME:shortclock}', '*1 从{TIME:clock}到{TIME:shortclock}', '*1 {TIME:digital}-{TIME:digital}', '{TIME:clock}至{TIME:shortclock}',
    '{TIME:shortclock}到{TIME:shortclock}之间', '{TIME:digital}到{TIME:digital}', '{TIME:digital}~{TIME:digital}',
  ],
  dayspan: [
    '从{DATE:plainweekday}到{DATE:plainweekday}', '{DATE:plainweekday}到{DATE:plainweekday}', '{DATE:monthday}到{DATE:monthdayend}',
    '{DATE:monthday}至{DATE:monthday}', '{DATE:monthday}-{DATE:monthdayend}', '从{DATE}到{DATE:monthday}', '{DATE:plainweekday}至{DATE:plainweekday}',
  ],
  length: ['一个小时', '半小时', '两小时', '三十分钟', '45分钟', '一整天', '半天', '90分钟', '20分钟', '一刻钟', '1小时', '两个半小时'],
  approximately: ['大概', '大约', '差不多'],
  firstthing: ['一早', '一大早'],
  when: [
    '*22 {DATE}{TIME}', '*8 {DATE}', '*4 {TIME:clock}', '*3 {DATE:evening}{TIME:eveningclock}', '*1 {DATE:dawn}{TIME:dawnclock}', '*2 {DATE:partday}',
    '*2 {DATE}{timespan}', '*1 {timespan}', '*1 {dayspan}', '*1 {DATE:repeat}{TIME:clock}', '*1 {DATE:repeat}', '*1 {TIME:soon}', '*1 {DATE}的{TIME}',
    '*1 {DATE} {TIME}', '*1 {DATE}，{TIME:clock}',
    '{DATE}{TIME:clock}左右', '{DATE}{approximately}{TIME:clock}', '{DATE}{TIME:part} {TIME:shortclock}', '{DATE}或者{DATE}', '{DATE}和{DATE}{TIME}',
    '{DATE}{TIME:clock}或者{TIME:shortclock}', '{DATE}{TIME:firstthing}', '{DATE}{TIME:clock}以后', '{DATE}{TIME:clock}之前', '{DATE}全天', '{DATE}晚些时候',
    '在{DATE}{TIME}', '于{DATE}{TIME:clock}',
  ],
  // What something moves to.
  towhen: [
    '*8 {DATE}{TIME}', '*6 {DATE}', '*5 {TIME:clock}', '*2 {DATE:partday}', '*1 {DATE:evening}{TIME:eveningclock}', '{DATE:dawn}{TIME:dawnclock}',
    '*1 {DATE}{timespan}', '*1 {TIME:part}', '{DATE}或者{DATE}', '{DATE}同一时间', '{DATE}{TIME:clock}以后',
  ],
};
