import { Random } from '../../../../ts/src/data/random.js';

/** One sentence of everyday life in each of many languages. */
const SENTENCES = [
  'The quick brown fox doesn’t jump over 13 lazy dogs; it’s asleep.',
  "We'll meet at Dr. O'Neill's place, won't we? I've paid $42.50 (plus tax)!",
  'Die Bäckerin verkaufte gestern fünfzig größere Brötchen und süße Äpfel.',
  'Où étiez-vous à midi ? Près de l’église, j’espère, où l’été s’achève.',
  'El niño pequeño cogió el autobús de las 8:15 en la estación de Málaga.',
  'Zítra se sejdeme v kavárně u řeky, přijď prosím včas, nečekej na déšť.',
  'Gdzie jest najbliższa apteka? Źle się czuję, proszę o pomoc.',
  'Завтра утром мы поедем на дачу, если не будет дождя.',
  'Το τρένο για τη Θεσσαλονίκη φεύγει από την πλατφόρμα 4.',
  'Hôm nay trời đẹp, chúng ta đi dạo quanh hồ nhé.',
  'İstanbul’da yağmur yağıyor, şemsiyeni unutma, ığdır çok uzak.',
  'אני הולך לשוק לקנות לחם וחלב.',
  'سأذهب إلى السوق غدًا لشراء الخبز والحليب.',
  'कल सुबह हम बाज़ार से ताज़ी सब्ज़ियाँ लाएँगे।',
  'พรุ่งนี้เราจะไปเที่ยวทะเลกับเพื่อน',
  '我们明天下午三点在咖啡馆见面，请不要迟到。',
  '這本書的作者是一位住在臺北的醫生。',
  '明日の午後、カフェでコーヒーを飲みながら打ち合わせをします。',
  '내일 오후 세 시에 카페에서 만나요, 늦지 마세요.',
  'Ɛnnɛ yɛbɛkɔ sukuu; ŋutɔ́ ɖevíwo le afé.',
];

/** What breaks tokenizers: emoji, joiners, marks, spaces, symbols, runs. */
const ODDITIES = [
  '👍', '👍🏽', '👨‍👩‍👧', '🇩🇪🇫🇷', '🏳️‍🌈', '1️⃣', '🍜🍜', 'e\u0301', 'o\u0302\u0323', 'a\u0300b\u0301', 'ﬁ', '①', 'Ⅷ', '㍍', '½', 'ｶﾞ', 'Ａｂｃ',
  '…', '—', '「', '」', '€', '±', '<b>', 'a=b', '~', '^', '|', '`', '_', '#42', '@ana', 'x²', '°C', '\t', '\n', '\r\n', '  ', '   ', '\u00a0', '\u3000',
  '\u2009', '\u200b', 'http://example.org/a?b=c&d=1#e', 'user.name+tag@mail.example', 'ABCdefGHI', 'don’t', "rock'n'roll", 'COVID-19', '3.14159', '2026-11-27',
];

/**
 * Texts in many languages and scripts, with all that makes texts hard, the same ones every time:
 * sentences, parts and mixtures of them, runs of one character, and sequences of oddities.
 */
export function multilingualTexts(count: number, seed = 7): string[] {
  const random = new Random(seed);
  const pick = <T>(from: readonly T[]): T => from[random.below(from.length)] as T;
  const words = SENTENCES.flatMap((sentence) => sentence.split(' '));
  const kinds: (() => string)[] = [
    () => pick(SENTENCES),
    () => {
      const letters = Array.from(pick(SENTENCES));
      const start = random.below(letters.length);
      return letters.slice(start, start + 1 + random.below(30)).join('');
    },
    () => Array.from({ length: 1 + random.below(9) }, () => pick(words)).join(' '),
    () => Array.from({ length: 1 + random.below(8) }, () => pick(ODDITIES)).join(pick(['', ' '])),
    () => Array.from({ length: 2 + random.below(9) }, () => pick([pick(words), pick(ODDITIES), ' '])).join(''),
    () => pick(Array.from(pick(words))).repeat(1 + random.below(120)),
    () => `${' '.repeat(random.below(4))}${pick(words)}${' '.repeat(random.below(4))}${pick(words)}${' '.repeat(random.below(3))}`,
  ];
  return Array.from({ length: count }, (_, index) => (kinds[index % kinds.length] as () => string)());
}
