import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dayOf, timeOf } from './when.mjs';

/** A Friday. */
const now = new Date(2026, 10, 27);

test('days are found from the day that it is', () => {
  const days = {
    '2026-11-27': ['today', 'Tonight', '今天', '今晚'],
    '2026-11-28': ['tomorrow', '明早', 'Nov 28', 'this Sat', 'saturday', '周六'],
    '2026-11-29': ['in two days', 'day after tomorrow', '后天', '两天后', '星期天'],
    '2026-11-30': ['next Monday', 'monday', '下周一', '3天之后'],
    '2026-12-04': ['friday', 'next Friday', 'in a week', '一个星期以后', '下周五'],
    '2026-12-10': ['下下周四'],
    '2026-12-25': ['25th of December', 'dec 25', '十二月二十五号', '12月25日'],
    '2027-05-03': ['May 3', 'May 3rd', '3 may', '5月3日', '五月三'],
  };
  for (const [day, texts] of Object.entries(days)) for (const text of texts) assert.equal(dayOf(text, now), day, text);
  for (const text of ['', 'next week', 'someday', 'February 30', '十月三十二日', 'every Monday', 'constructor']) assert.equal(dayOf(text, now), null, text);
  assert.equal(dayOf('feb 29', now), null);
  assert.equal(dayOf('feb 29', new Date(2028, 0, 1)), '2028-02-29');
});

test('times are found as a clock of 24 hours shows them', () => {
  const times = {
    '00:00': ['midnight', '12am', '零点'],
    '02:30': ['half past two', '2:30', '两点半'],
    '07:00': ['seven', "7 o'clock", '早上七点'],
    '08:45': ['quarter to nine', '八点三刻', '上午8点45分'],
    '12:00': ['noon', '12 pm', '中午', '中午十二点'],
    '13:00': ['1pm', '中午一点', '下午1点'],
    '15:30': ['15:30', '3.30 p.m.', '下午三点半', '下午3:30'],
  };
  for (const [time, texts] of Object.entries(times)) for (const text of texts) assert.equal(timeOf(text), time, text);
  for (const text of ['', '25:00', '8-ish', 'after work', '半小时后', '10:75', 'constructor']) assert.equal(timeOf(text), null, text);
});
