const ordinalOf = (day) => {
  const ending = day % 100 >= 11 && day % 100 <= 13 ? 'th' : ['th', 'st', 'nd', 'rd'][day % 10] ?? 'th';
  return `${day}${ending}`;
};

const spelledOrdinals = [
  'first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'tenth', 'twelfth', 'fifteenth', 'eighteenth', 'twentieth',
  'twenty-first', 'thirtieth',
];

export const when = {
  weekday: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
  shortweekday: ['Mon', 'Tue', 'Tues', 'Wed', 'Thu', 'Thurs', 'Fri', 'Sat', 'Sun', 'Weds', 'Thur'],
  anyweekday: ['*10 {weekday}', '*5 {shortweekday}', 'Wensday', 'Tuseday'],
  monthname: [
    'January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December',
  ],
  shortmonth: ['Jan', 'Feb', 'Mar', 'Apr', 'Jun', 'Jul', 'Aug', 'Sep', 'Sept', 'Oct', 'Nov', 'Dec'],
  month: ['*3 {monthname}', '*1 {shortmonth}'],
  dayofmonth: (random) => String(random.integer(1, 31)),
  ordinal: (random) => (random.chance(0.85) ? ordinalOf(random.integer(1, 31)) : random.pick(spelledOrdinals)),
  year: ['2024', '2025', '2026', '2027'],
  smallnumber: ['two', 'three', 'four', 'five', 'six', 'ten', '2', '3', '4', '5', '10'],
  numericdate: (random) => {
    const month = random.integer(1, 12);
    const day = random.integer(1, 28);
    const year = random.integer(2024, 2027);
    const two = (number) => String(number).padStart(2, '0');
    return random.pick([
      `${month}/${day}`, `${month}/${day}`, `${day}/${month}`, `${two(month)}/${two(day)}`, `${month}/${day}/${year}`, `${month}/${day}/${year % 100}`,
      `${year}-${two(month)}-${two(day)}`, `${year}-${two(month)}-${two(day)}`, `${day}.${month}.${year}`, `${two(day)}.${two(month)}.`, `${two(day)}-${two(month)}-${year}`,
    ]);
  },
  // Days said without a preposition: "lunch tomorrow".
  bareday: [
    '*5 tomorrow', '*3 today', '*4 next {anyweekday}', '*3 this {anyweekday}', '*1 {anyweekday} next week', '*1 tmrw', '*1 tmr', 'tomorow',
    '2moro', '*2 next week', '*1 next month', '*1 this week', '*1 this weekend', '*1 next weekend', 'this coming {weekday}', 'in {smallnumber} days',
    'in {smallnumber} weeks', 'a week from {weekday}', '{smallnumber} days from now', 'a week from today',
  ],
  // Parts of a named day count as a day.
  partday: ['*3 tonight', 'this morning', 'this afternoon', '*2 this evening', 'tonite'],
  // Days said with "on".
  onday: [
    '*6 {anyweekday}', '*5 {month} {dayofmonth}', '*3 {month} {ordinal}', '*2 {dayofmonth} {month}', '*1 {ordinal} {month}', '*3 {numericdate}',
    '*1 {weekday}, {month} {dayofmonth}', '*1 {weekday} {month} {ordinal}', '*1 {weekday} the {ordinal}', '{anyweekday} {dayofmonth} {month}',
    '{month} {dayofmonth}, {year}', '{dayofmonth} {month} {year}', '{anyweekday} {numericdate}', '*1 {holiday}', '{weekday} next week',
  ],
  theday: [
    '*4 {ordinal}', '*2 {ordinal} of {monthname}', 'day after tomorrow', 'week after next', 'weekend after next', '{ordinal} of next month',
    'first {weekday} of {monthname}',
    'last {weekday} of the month', 'last day of {monthname}',
  ],
  holiday: [
    'Christmas', 'Christmas Eve', 'New Year\'s Eve', 'New Year\'s Day', 'Thanksgiving', 'Halloween', 'Easter Sunday', 'Easter Monday', 'Labor Day',
    'Diwali', 'Eid', 'Valentine\'s Day', 'Lunar New Year', 'Good Friday', 'Memorial Day', 'Mother\'s Day', 'Boxing Day', 'Juneteenth', 'Hanukkah',
    'St. Patrick\'s Day',
  ],
  period: [
    'next week', 'this week', 'next month', 'this month', '{monthname}', 'this weekend', 'next weekend', 'next quarter',
    '{month} {dayofmonth}', 'this year', 'next year',
  ],
  repeat: [
    '*4 every {weekday}', '*2 every day', 'every other {weekday}', '{weekday}s', 'every second {weekday}', 'every first {weekday}', '*2 every week',
    'every two weeks', 'every month', 'weekdays',
    'every weekday', 'daily', 'every morning', 'every night', 'every {weekday} and {weekday}', 'each {weekday}', 'every other week', 'once a week',
    'every evening', 'every year', 'every three months',
  ],
  // A day as a noun: "what about [Friday]", "move it to [the] [14th]".
  day: ['*4 {DATE:bareday}', '*6 {DATE:onday}', '*2 the {DATE:theday}', '*1 {DATE:partday}'],
  onaday: [
    '*8 {DATE:bareday}', '*8 on {DATE:onday}', '*4 {DATE:onday}', '*3 on the {DATE:theday}', '*2 {DATE:partday}', '*1 in {DATE:monthname}',
    '*1 the {DATE:theday}', 'over the {DATE:weekend}', 'at the {DATE:endofmonth}', 'by {DATE:onday}', 'early {DATE:earlyperiod}', 'late {DATE:earlyperiod}',
    'sometime {DATE:earlyperiod}', 'later {DATE:laterperiod}',
  ],
  weekend: ['weekend', 'holidays', 'long weekend'],
  endofmonth: ['end of the month', 'end of the week', 'beginning of {monthname}', 'start of next month', 'end of {monthname}', 'middle of {monthname}'],
  earlyperiod: ['next week', 'next month', 'this week'],
  laterperiod: ['this week', 'today', 'this month'],

  hour: (random) => String(random.integer(1, 12)),
  officehour: (random) => String(random.pick([7, 8, 9, 9, 10, 10, 11, 12, 1, 2, 3, 4, 5, 6])),
  spelledhour: ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'],
  minutes: ['00', '15', '30', '30', '45', '20', '10', '05', '40', '50'],
  meridiem: ['*4 pm', '*4 am', '*2 PM', '*2 AM', 'p.m.', 'a.m.'],
  digitaltime: (random) => `${String(random.integer(6, 22)).padStart(random.chance(0.5) ? 2 : 1, '0')}:${random.pick(['00', '30', '15', '45', '20', '10', '05', '50'])}`,
  clock: [
    '*8 {officehour}{meridiem}', '*4 {officehour} {meridiem}', '*4 {officehour}:{minutes}', '*3 {officehour}:{minutes}{meridiem}',
    '*2 {officehour}:{minutes} {meridiem}',
    '*4 {officehour}', '*3 {digitaltime}', '*3 noon', '*1 midnight', '*1 half past {spelledhour}', '*1 quarter (past|to) {spelledhour}',
    '*1 {spelledhour} o\'clock', '*1 {officehour} o\'clock', '*2 {spelledhour}', '{spelledhour} thirty', '{spelledhour} fifteen', '{officehour}ish',
    '{officehour} in the (morning|afternoon|evening)', '{spelledhour} in the (morning|afternoon|evening)', '{officehour}.{minutes}', '{officehour}h',
    '{officehour}{meridiem} (EST|PT|CET|GMT|UTC)', 'half {spelledhour}', 'ten past {spelledhour}', 'twenty to {spelledhour}',
  ],
  military: (random) => `${String(random.integer(6, 21)).padStart(2, '0')}${random.pick(['00', '30', '15', '45'])}`,
  plainclock: [
    '{military}', '*5 {officehour}{meridiem}', '{officehour}:{minutes}', '*2 {digitaltime}', '{officehour} {meridiem}', 'noon',
    '{officehour}:{minutes}{meridiem}',
  ],
  daypart: ['*4 morning', '*4 afternoon', '*4 evening', '*2 night', 'lunchtime', 'midday', 'early morning', 'late afternoon'],
  oftheday: ['morning', 'afternoon', 'evening'],
  soon: [
    'in {smallnumber} minutes', 'in an hour', 'in half an hour', 'in {smallnumber} hours', 'in 20 minutes', 'in 45 min', 'in 30 mins', 'an hour from now',
    'in 15 minutes', 'in 5',
  ],
  loosetime: ['after lunch', 'after work', 'before work', 'after school', 'before lunch', 'after dinner', 'before bed'],
  deadline: ['EOD', 'end of day', 'COB', 'close of business', 'eod'],
  attime: [
    '*12 at {TIME:clock}', '*2 around {TIME:clock}', '*1 about {TIME:clock}', '*4 {TIME:plainclock}', '*1 @ {TIME:plainclock}', '*1 at {TIME:plainclock} sharp',
    '*2 in the {TIME:oftheday}', '*1 {TIME:loosetime}', 'at exactly {TIME:clock}', 'at like {TIME:clock}', 'from {TIME:clock}', 'by {TIME:clock}',
    'after {TIME:clock}',
    'before {TIME:clock}',
  ],
  timespan: [
    '*3 from {TIME:clock} to {TIME:clock}', '*2 {TIME:plainclock}-{TIME:plainclock}', '*2 {TIME:hour}-{TIME:plainclock}',
    '*1 between {TIME:clock} and {TIME:clock}',
    '{TIME:plainclock} - {TIME:plainclock}', 'from {TIME:clock} until {TIME:clock}', '{TIME:hour} to {TIME:plainclock}',
    '{TIME:digitaltime}–{TIME:digitaltime}',
    'from {TIME:hour} till {TIME:clock}',
  ],
  dayspan: [
    'from {DATE:anyweekday} to {DATE:anyweekday}', '{DATE:anyweekday} through {DATE:anyweekday}', '{DATE:anyweekday}-{DATE:anyweekday}',
    '{DATE:anyweekday} to {DATE:anyweekday}',
    'from {DATE:monthday} to {DATE:monthday}', '{DATE:monthday}-{DATE:dayofmonth}', '{DATE:monthday} - {DATE:dayofmonth}',
    'from the {DATE:ordinal} to the {DATE:ordinal}', 'between {DATE:monthday} and {DATE:monthday}', '{DATE:monthday} through {DATE:dayofmonth}',
    'from {DATE:bareday} until {DATE:onday}',
  ],
  monthday: ['{month} {dayofmonth}', '{month} {ordinal}'],
  length: [
    'for (an hour|half an hour|30 minutes|45 min|two hours|90 minutes|15 mins|20 minutes|1 hour|1h|a couple of hours|the whole day|2 hrs)',
  ],
  // Day and time together, in the orders people use.
  when: [
    '*10 {onaday} {attime}', '*6 {attime} {onaday}', '*8 {onaday}', '*4 {attime}', '*4 {DATE:bareday} {TIME:daypart}', '*4 {DATE:onday} {TIME:daypart}',
    '*2 on {DATE:onday} {TIME:daypart}', '*2 {DATE:bareday} {TIME:daypart} at {TIME:clock}', '*2 {DATE:onday} {TIME:daypart} at {TIME:clock}',
    '{DATE:anyweekday} {TIME:military}', '{DATE:onday}, {TIME:clock}', '*2 {onaday} {timespan}', '*1 {timespan} {onaday}', '*1 {timespan}', '*1 {dayspan}',
    '*1 {TIME:soon}', '*2 {onaday}, {TIME:plainclock}', '*1 {onaday} {length}',
    '*2 {onaday} {attime} {length}', '*1 {attime} {length}', '*1 {DATE:repeat} {attime}', '*1 {DATE:repeat}', '*2 {DATE:anyweekday} {TIME:plainclock}',
    '*1 at {TIME:clock} {DATE:bareday} {TIME:oftheday}', 'on the {TIME:oftheday} of {DATE:monthday}', 'on the {TIME:oftheday} of the {DATE:ordinal}',
    'in the {TIME:oftheday} on {DATE:onday}', '{onaday} in the {TIME:oftheday}', 'first thing {DATE:bareday}', '{DATE:partday} {attime}',
    '{DATE:bareday} or {DATE:onday}', '{DATE:anyweekday} or {DATE:anyweekday} {attime}', '{DATE:anyweekday} and {DATE:anyweekday} {attime}',
    '{onaday} at {TIME:clock} or {TIME:clock}', 'on {DATE:onday} from {TIME:clock} to {TIME:clock}',
  ],
  // What something moves to.
  towhen: [
    '*5 to {day}', '*3 to {day} {attime}', '*5 to {TIME:clock}', '*2 to {TIME:clock} {onaday}', '*1 to {DATE:bareday} {TIME:daypart}',
    'to {TIME:clock} instead', 'to {day} instead',
    'to {DATE:onday} {TIME:daypart}', 'to {DATE:anyweekday} {TIME:plainclock}', 'to the {TIME:oftheday}', 'to {DATE:anyweekday} {timespan}',
    'to {DATE:anyweekday} or {DATE:anyweekday}',
  ],
};
