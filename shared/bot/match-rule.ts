import { foldAccents, foldText } from './fold-text.ts';
import type { KeywordMatch, KeywordRule } from './keyword-rule.ts';
import { compilePattern } from './pattern.ts';

/** So much of a message is looked at: who writes more tells a story, and does not ask by a keyword. */
export const LOOKED_AT_MAX = 4_096;

export type RuleFound = { readonly rule: KeywordRule; readonly keyword: string };

type Texts = { readonly raw: string; folded(rule: KeywordRule): string };
type Matcher = (texts: Texts) => boolean;

/** A rule is made once and asked often. */
const compiled = new WeakMap<KeywordRule, readonly { keyword: string; matches: Matcher }[]>();

/** The first of these rules with a keyword that the text has, by their order. */
export function findRule(
  text: string,
  isGroup: boolean,
  rules: readonly KeywordRule[],
): RuleFound | undefined {
  const texts = foldOnce(text.slice(0, LOOKED_AT_MAX));
  for (const rule of [...rules].sort(byPriority)) {
    if (!rule.enabled || !holdsIn(rule, isGroup)) continue;
    const found = matchersOf(rule).find(({ matches }) => matches(texts));
    if (found) return { rule, keyword: found.keyword };
  }
  return undefined;
}

/** The highest priority first; of equals the older rule. */
function byPriority(one: KeywordRule, other: KeywordRule): number {
  if (one.priority !== other.priority) return other.priority - one.priority;
  const [age, otherAge] = [
    `${one.createdAt}${one.keywordId}`,
    `${other.createdAt}${other.keywordId}`,
  ];
  return age < otherAge ? -1 : age > otherAge ? 1 : 0;
}

function holdsIn({ chats }: KeywordRule, isGroup: boolean): boolean {
  return chats === 'all' || (chats === 'group') === isGroup;
}

/** Of the four ways to fold a text, those that rules ask for. */
function foldOnce(raw: string): Texts {
  const folded = new Map<string, string>();
  return {
    raw,
    folded({ caseSensitive, accentSensitive }) {
      const name = `${caseSensitive}|${accentSensitive}`;
      const known = folded.get(name) ?? foldText(raw, { caseSensitive, accentSensitive });
      folded.set(name, known);
      return known;
    },
  };
}

function matchersOf(rule: KeywordRule) {
  const known = compiled.get(rule);
  if (known) return known;
  const made = rule.keywords.map((keyword) => ({ keyword, matches: matcherOf(rule, keyword) }));
  compiled.set(rule, made);
  return made;
}

function matcherOf(rule: KeywordRule, keyword: string): Matcher {
  if (rule.match === 'regex') {
    const find = compilePattern(keyword, rule);
    return ({ raw }) => find(rule.accentSensitive ? raw : foldAccents(raw));
  }
  const wanted = foldText(keyword, rule);
  // Nothing is in every text, and answers none.
  if (wanted === '') return () => false;
  const compare = COMPARISONS[rule.match];
  return (texts) => compare(texts.folded(rule), wanted);
}

const COMPARISONS: Readonly<
  Record<Exclude<KeywordMatch, 'regex'>, (text: string, wanted: string) => boolean>
> = {
  exact: (text, wanted) => text === wanted,
  prefix: (text, wanted) => text.startsWith(wanted),
  contains: (text, wanted) => text.includes(wanted),
  word: hasWord,
};

const LETTER = /[\p{L}\p{N}\p{M}_]/u;
/** Scripts that put no space between words: there a word may stand right beside another. */
const UNSPACED =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;

/** Whether it stands in the text with no letter or digit right before or behind it. */
function hasWord(text: string, wanted: string): boolean {
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    const end = at + wanted.length;
    const begins = isBoundary(lastOf(text.slice(Math.max(0, at - 2), at)), firstOf(wanted));
    const ends = isBoundary(lastOf(wanted), firstOf(text.slice(end, end + 2)));
    if (begins && ends) return true;
  }
  return false;
}

/** Between two characters, of which one may be missing. */
function isBoundary(before: string, behind: string): boolean {
  const areBothLetters = LETTER.test(before) && LETTER.test(behind);
  return !areBothLetters || UNSPACED.test(before) || UNSPACED.test(behind);
}

function firstOf(text: string): string {
  return Array.from(text)[0] ?? '';
}

function lastOf(text: string): string {
  return Array.from(text).at(-1) ?? '';
}
