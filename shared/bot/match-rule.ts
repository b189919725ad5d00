import { type Folding, foldText } from './fold-text.ts';
import type { KeywordRule } from './keyword-rule.ts';
import { type Matcher, matcherOf, type Text } from './match-keyword.ts';
import { PROGRAM_SIZE_MAX } from './pattern.ts';

/** So much of a message is looked at: who writes more tells a story, and does not ask by a keyword. */
export const LOOKED_AT_MAX = 4_096;
/**
 * After so many steps, some 80 ms, no other keyword is looked at: the sessions of others wait meanwhile. As much as the
 * largest pattern takes with the longest text, or three thousand words do. The work is counted and not timed, so that
 * one message has one answer on every machine.
 */
const STEPS_MAX = PROGRAM_SIZE_MAX * LOOKED_AT_MAX;

export type RuleSearch =
  | { readonly kind: 'found'; readonly rule: KeywordRule; readonly keyword: string }
  | { readonly kind: 'none' }
  /** The rules are too many, or too laborious: those from this one on were not looked at. */
  | { readonly kind: 'given_up'; readonly rule: KeywordRule };

/** The first of these rules with a keyword that the text has, by their order. Without text there is none. */
export function findRule(
  text: string,
  isGroup: boolean,
  rules: readonly KeywordRule[],
): RuleSearch {
  let steps = 0;
  const folded = foldOnce(text.slice(0, LOOKED_AT_MAX));
  if (folded(UNFOLDED) === '') return { kind: 'none' };
  const looked: Text = {
    folded,
    spend(more) {
      steps += more;
    },
  };
  for (const rule of inOrder(rules).filter((one) => holdsIn(one, isGroup))) {
    for (const { keyword, matches } of matchersOf(rule)) {
      if (steps >= STEPS_MAX) return { kind: 'given_up', rule };
      if (matches(looked)) return { kind: 'found', rule, keyword };
    }
  }
  return { kind: 'none' };
}

/** Rules and lists of them are made once and asked often. */
const ordered = new WeakMap<readonly KeywordRule[], readonly KeywordRule[]>();
const matchers = new WeakMap<
  KeywordRule,
  readonly { readonly keyword: string; readonly matches: Matcher }[]
>();

function inOrder(rules: readonly KeywordRule[]): readonly KeywordRule[] {
  const known = ordered.get(rules) ?? rules.toSorted(byPriority);
  ordered.set(rules, known);
  return known;
}

/** The highest priority first; of equals the older rule. */
function byPriority(one: KeywordRule, other: KeywordRule): number {
  return (
    other.priority - one.priority ||
    compare(one.createdAt, other.createdAt) ||
    compare(one.keywordId, other.keywordId)
  );
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function holdsIn({ enabled, chats }: KeywordRule, isGroup: boolean): boolean {
  return enabled && (chats === 'all' || (chats === 'group') === isGroup);
}

const UNFOLDED: Folding = { caseSensitive: true, accentSensitive: true };

/** Of the four ways to fold a text, those that rules ask for. */
function foldOnce(raw: string): Text['folded'] {
  const folded = new Map<string, string>();
  return ({ caseSensitive, accentSensitive }) => {
    const name = `${caseSensitive}|${accentSensitive}`;
    const known = folded.get(name) ?? foldText(raw, { caseSensitive, accentSensitive });
    folded.set(name, known);
    return known;
  };
}

function matchersOf(rule: KeywordRule) {
  const known = matchers.get(rule);
  if (known) return known;
  const made = rule.keywords.map((keyword) => ({ keyword, matches: matcherOf(rule, keyword) }));
  matchers.set(rule, made);
  return made;
}
