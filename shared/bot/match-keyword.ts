import { type Folding, foldText } from './fold-text.ts';
import type { KeywordMatch, KeywordRule } from './keyword-rule.ts';
import { compilePattern, type Pattern } from './pattern.ts';

/** A message, in the forms that rules ask for, and what looking at it has taken. */
export type Text = {
  readonly folded: (folding: Folding) => string;
  /** One step is one instruction of a pattern at one character, some 20 ns. */
  readonly spend: (steps: number) => void;
};

export type Matcher = (text: Text) => boolean;

/** Whatever there is to look at, a keyword is made ready first: to compile a pattern takes about as long as this. */
const READY_STEPS = 64;
/** To look for one text in another takes this part of a step for each pair of their characters, at worst. */
const PAIRS_PER_STEP = 128;
/** To look at both ends of something that may be a word. */
const ENDS_STEPS = 16;

/** Made ready when it is first asked. */
export function matcherOf(rule: KeywordRule, keyword: string): Matcher {
  if (rule.match === 'regex') return patternMatcher(rule, keyword);
  const compare = COMPARISONS[rule.match];
  let known: string | undefined;
  return (text) => {
    known ??= foldText(keyword, rule);
    // Nothing is in every text, and answers none.
    return known !== '' && compare(text.folded(rule), known, text.spend);
  };
}

/** Accents are taken off the text alone, so that a pattern may be written with them or without. */
function patternMatcher(rule: KeywordRule, keyword: string): Matcher {
  let known: Pattern | undefined;
  return ({ folded, spend }) => {
    known ??= compilePattern(keyword, rule);
    const pattern = known;
    const finds = (text: string) => {
      spend(pattern.size * Math.max(text.length, READY_STEPS));
      return pattern.finds(text);
    };
    const accented = folded({ caseSensitive: true, accentSensitive: true });
    if (finds(accented)) return true;
    if (rule.accentSensitive) return false;
    const plain = folded({ caseSensitive: true, accentSensitive: false });
    return plain !== accented && finds(plain);
  };
}

type Spend = Text['spend'];
type Comparison = (text: string, wanted: string, spend: Spend) => boolean;

const COMPARISONS: Readonly<Record<Exclude<KeywordMatch, 'regex'>, Comparison>> = {
  exact: (text, wanted) => text === wanted,
  prefix: (text, wanted) => text.startsWith(wanted),
  contains(text, wanted, spend) {
    spendOnSearch(text, wanted, spend);
    return text.includes(wanted);
  },
  word: hasWord,
};

function spendOnSearch(text: string, wanted: string, spend: Spend): void {
  spend(READY_STEPS + (text.length * wanted.length) / PAIRS_PER_STEP);
}

const LETTER = /[\p{L}\p{N}\p{M}]/u;
/** Scripts that put no space between words: there a word may stand right beside another. */
const UNSPACED =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;

/** Whether it stands in the text with no letter or digit right before or behind it. */
function hasWord(text: string, wanted: string, spend: Spend): boolean {
  spendOnSearch(text, wanted, spend);
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    spend(ENDS_STEPS);
    if (isBoundary(text, at) && isBoundary(text, at + wanted.length)) return true;
  }
  return false;
}

/** Between the character before and the one behind, of which one may be missing. */
function isBoundary(text: string, at: number): boolean {
  const before = Array.from(text.slice(Math.max(0, at - 2), at)).at(-1) ?? '';
  const behind = Array.from(text.slice(at, at + 2))[0] ?? '';
  const areBothLetters = LETTER.test(before) && LETTER.test(behind);
  return !areBothLetters || UNSPACED.test(before) || UNSPACED.test(behind);
}
