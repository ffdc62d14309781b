/**
 * What people say around a request: greetings, reasons, remarks. Most of it holds no entity and is there so that
 * a model learns which words are none; some of it names a person, a day or a place.
 */
export const context = {
  opener: [
    '*6 hey', '*4 hi', '*3 ok', '*2 hello', '*2 please', 'ok so', 'um', 'so', 'quick one', 'good morning', 'good evening', 'morning', 'oh', 'alright',
    'hey there', 'yo', 'sorry', 'right', 'also', 'and',
    'one more thing', 'hi again', 'good afternoon', 'happy new year', 'wait', 'oh no', 'by the way', 'btw', 'well', 'listen', 'nope', 'yes', 'great', 'hmm',
    'just so you know', 'fyi', 'question', 'bad news', 'good news', 'change of plan',
    'dear assistant', 'ugh', 'first of all', 'before I forget', 'whoops', 'my mistake', 'correction', 'new thing', 'last one', 'attention',
  ],
  someone: [
    'my boss', 'the sitter', 'the kids', 'our landlord', 'her mother', 'the client', 'my flatmate', 'the doctor', 'everyone', 'the plumber', 'nobody',
    'the baby', 'the dog', 'the cat', 'half the team', 'the teacher', 'my mother in law', 'the babysitter', 'somebody', 'the caterer', 'my editor',
    'our supplier', 'the neighbor', 'the driver', 'the mechanic', 'the judge', 'my cousin', 'the choir', 'the manager', 'the agent', 'my advisor',
    'the whole family', 'the electrician', 'the new guy', 'my grandfather', 'the committee', 'the customer', 'the coach',
  ],
  does: [
    'is late', 'called', 'is away', 'finally arrived', 'never showed up', 'said no', 'is waiting', 'has the flu', 'is out of town', 'changed his mind',
    'can\'t come', 'wants more time', 'sounds excited', 'agreed', 'is asking again', 'forgot', 'is on vacation', 'quit', 'has other plans',
    'is not feeling well', 'will drive', 'missed the bus', 'insists', 'lost the keys', 'is tired', 'prefers something shorter', 'backed out',
    'is stuck in traffic', 'has a fever', 'has a deadline', 'hates waiting', 'needs to know', 'will cook', 'is fine with it', 'told me so', 'can\'t decide',
    'asked twice', 'is on strike', 'won\'t cooperate', 'is sick', 'needs a break',
  ],
  something: [
    'the car', 'the bus', 'the printer', 'my back', 'the internet', 'the elevator', 'my phone', 'traffic', 'the heater', 'the package', 'the wifi', 'my knee',
    'the road', 'the bridge', 'the projector', 'the boiler', 'the oven', 'the weather', 'the train', 'the kitchen tap', 'my laptop', 'the parking lot',
    'the gym', 'the shop', 'the roof', 'the heating', 'the door', 'the report', 'the order', 'the power', 'my calendar app', 'the ferry',
  ],
  happens: [
    'broke down', 'is acting up', 'got delayed', 'is terrible', 'is being repaired', 'is still broken', 'is getting worse', 'stopped working', 'is a mess',
    'won\'t start', 'is late again', 'is closed', 'is making noise', 'is not ready', 'never came', 'is fine now', 'looks bad', 'is down', 'is being replaced',
    'was wrong', 'is a nightmare', 'is slow',
  ],
  remark: [
    'my week is a mess', 'we may need a bit more time', 'it should take two hours', 'there will be six of us', 'it\'s for 4 people', 'mark it as busy',
    'make it private', 'bill it to the client', 'I will bring snacks', 'it may rain', 'nothing fancy', 'bring the slides',
    'invite the others too', 'no need to call', 'it\'s about the second draft', 'he is 40 now', 'we spent $200 last time', 'it\'s important',
    'that one is urgent', 'it can wait a minute', 'I hope that works', 'you rock', 'two thumbs up', 'it\'s my third try', 'no rush',
    'I have one hour', 'color it red', 'keep it to 30 minutes', 'let them know', 'I owe her 20 bucks', 'it was a long day', 'all day is fine',
    'give me a second', 'just a heads up', 'I\'m exhausted', 'I overslept', 'I misread the email', 'I forgot to check', 'I\'m fasting',
    'I hurt my ankle', 'I\'ll be driving', 'I\'m swamped', 'I have a headache', 'I double checked', 'I\'m stuck in traffic', 'we sorted it out',
    'we\'re short on staff', 'we ran out of money', 'I lost my keys', 'I already paid', 'they found someone else', 'she\'s out of town',
    'he never answers', 'it sold out', 'nobody replied', 'the tooth stopped hurting', 'I keep mixing them up', 'I wrote it down wrong', 'my mistake',
    'I can\'t find it', 'it got rained out', 'they closed early', 'we don\'t need it any more', 'I\'d rather sleep', 'fix that',
    'same time as always', 'same place', 'same slot', 'keep the rest', 'don\'t touch the other one', 'leave the second one', 'the rest stays',
    'I want to be early', 'she asked for it', 'they insisted', 'I have to catch a train', 'I\'ll explain later', 'it\'s a surprise', 'it\'s a secret',
    'I told everyone already', 'everyone knows', 'it takes a while', 'I have the address', 'parking is awful there', 'I need the link',
    'put that in everyone\'s calendar', 'add it', 'block it off', 'don\'t ask', 'long story', 'you know the drill', 'I always mess this up',
  ],
  persondoes: [
    'says hi', 'has the flu', 'backed out', 'is in charge', 'will bring the cake', 'is driving', 'asked for it', 'told me', 'insisted', 'needs it',
    'is allergic to nuts', 'recommended it', 'can\'t wait', 'keeps asking', 'is paying', 'is new here', 'sent the invite', 'already knows',
    'is running late', 'can\'t make it', 'is sick', 'says it works', 'will be there', 'is coming too', 'is out of town', 'has a cold', 'said yes',
    'never answered', 'wants to join', 'is fine with that', 'has the keys', 'is on holiday', 'needs more time', 'promised to come', 'changed plans',
    'has a conflict', 'is stuck in traffic', 'would prefer that', 'has to leave early', 'is hosting', 'will join remotely', 'is flying in', 'moved away',
    'found a better deal', 'lost the tickets', 'just texted', 'called me about it', 'won\'t be back in time', 'booked it', 'reminded me twice',
  ],
  placeis: [
    'is closed', 'is too small', 'is too noisy', 'is fully booked', 'is too far', 'is being renovated', 'was double booked', 'has no parking', 'flooded',
    'is too expensive', 'lost our reservation', 'is great', 'has bad wifi', 'is under construction', 'is nicer', 'fell through',
  ],
  dayis: [
    'is a holiday', 'doesn\'t work', 'is too late', 'is full', 'clashes', 'is no good', 'works', 'suits me', 'is packed', 'is out', 'is better',
    'won\'t work for me', 'is my day off',
  ],
  clockis: ['is too early', 'is too late', 'doesn\'t work', 'clashes with something', 'is fine', 'works best', 'is taken'],
  reason: [
    '*6 {someone} {does}', '*4 {something} {happens}', '*8 {remark}', '*4 {PERSON} {persondoes}', '{PLACE:venuename} {placeis}', '{PLACE:room} {placeis}',
    'the {PLACE:articleplace} {placeis}', '{DATE:anyweekday} {dayis}', '{TIME:plainclock} {clockis}', '{PERSON} and {PERSON} {persondoes}',
    '{someone} and {someone} are waiting',
  ],
  closer: [
    '*6 please', '*5 thanks', '*3 thank you', '*3 pls', '*2 thx', '*2 ok', 'if you can', 'when you get a chance', 'asap', 'if possible', 'for me', 'cheers',
    'ty', 'right', 'if that works', 'lol', 'would you', 'plz', 'many thanks', 'okay', 'instead', 'then', 'got it', 'I think', 'I guess',
    'if there\'s room', 'if not too late', 'again', 'as usual', 'as always', 'you\'re the best',
  ],
  // The whole of a message: the request with or without something around it.
  before: [
    '{reason}, ', '{reason} so ', '{reason}. ', '{reason}, so ', '{reason} - ', 'since {reason}, ', 'because {reason}, ', '{reason} ', 'now that {reason}, ',
    'if {reason}, ',
  ],
  after: [
    ', {reason}', ', {reason}', '. {reason}', ' because {reason}', ' since {reason}', ' - {reason}', ', as {reason}', ' cause {reason}', ', but {reason}',
    ', {reason} and {reason}', '; {reason}',
  ],
};
