/** What does not count when two texts are compared. */
export type Folding = { readonly caseSensitive: boolean; readonly accentSensitive: boolean };

/**
 * Marks that accent a letter: those of Latin, Greek and Cyrillic, of Hebrew points and Arabic vowels. The signs of Indic
 * and South-East Asian scripts, and the marks that make another kana, are letters as good as any, and stay.
 */
const ACCENTS = new RegExp(
  `[${[
    '\\u0300-\\u036f',
    '\\u0591-\\u05bd\\u05bf\\u05c1\\u05c2\\u05c4\\u05c5\\u05c7',
    '\\u064b-\\u065f\\u0670',
    '\\u1ab0-\\u1aff\\u1dc0-\\u1dff\\u20d0-\\u20ff\\ufe20-\\ufe2f',
  ].join('')}]`,
  'gu',
);
/** Letters with a stroke or joined have no accent that could be taken off, and are written without one all the same. */
const PLAIN: Readonly<Record<string, string>> = {
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
};
const UNUSUAL = /[øØłŁđĐæÆœŒ]/gu;

/** Marks of direction, joiners, selectors of an emoji's look: phones add them, and nobody sees them. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;

/**
 * One form for all texts that are the same but for what does not count. Spaces at the ends, how many they are, what
 * cannot be seen, and the width of a letter never do (NFKC).
 */
export function foldText(text: string, { caseSensitive, accentSensitive }: Folding): string {
  const spaced = text.replace(INVISIBLE, '').normalize('NFKC').replace(/\s+/gu, ' ').trim();
  const plain = accentSensitive ? spaced : foldAccents(spaced);
  return caseSensitive ? plain : foldCase(plain);
}

/** Takes the accents off: `Ação` becomes `Acao`. */
function foldAccents(text: string): string {
  return text
    .normalize('NFKD')
    .replace(ACCENTS, '')
    .normalize('NFC')
    .replace(UNUSUAL, (letter) => PLAIN[letter] ?? letter);
}

/**
 * By way of capitals, as Unicode's full case folding does: ß is ss, both sigmas are one, and ı is i. ẞ is a capital
 * already, and has SS for another only by way of ß. Capitals of some accented letters are in parts.
 */
function foldCase(text: string): string {
  const lower = text.toLowerCase().toUpperCase().toLowerCase();
  return lower.replaceAll('ς', 'σ').replaceAll('i\u0307', 'i').normalize('NFC');
}
