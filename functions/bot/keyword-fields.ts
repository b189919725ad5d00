import * as z from 'zod';
import { KeywordMatch, RuleChats } from '#shared/bot/keyword-rule.ts';
import { checkPattern } from '#shared/bot/pattern.ts';
import { listInText } from '#shared/domain/list-in-text.ts';
import { optional } from '../messages/message-fields.ts';
import { ReplyFields } from './reply-fields.ts';

/** As long as a pattern may be. */
const KEYWORD_LENGTH_MAX = 512;
/** Of one rule. */
const KEYWORDS_MAX = 50;
const PRIORITY_MAX = 1_000;

const Keyword = z
  .string()
  .trim()
  .min(1)
  .max(KEYWORD_LENGTH_MAX)
  .refine((text) => text.isWellFormed(), 'must be well-formed text');

/** One keyword, or several; a number is as good as its digits. */
const Keywords = z.preprocess(
  (value) => (Array.isArray(value) ? value : [value]).map(toText),
  z.array(Keyword).min(1).max(KEYWORDS_MAX),
);

/**
 * A rule in the body of a call. `keyword` and `keywords` are the same: the customers of other tools know the one or the
 * other.
 */
export const KeywordFields = z
  .object({
    keyword: optional(Keywords),
    keywords: z.preprocess(listInText, optional(Keywords)),
    match: optional(KeywordMatch),
    case_sensitive: optional(z.boolean()),
    accent_sensitive: optional(z.boolean()),
    priority: optional(
      z
        .int()
        .refine(
          (priority) => Math.abs(priority) <= PRIORITY_MAX,
          `must be a whole number from -${PRIORITY_MAX} to ${PRIORITY_MAX}`,
        ),
    ),
    chats: optional(RuleChats),
    enabled: optional(z.boolean()),
    reply: ReplyFields,
  })
  .check(requireKeywords)
  .transform((fields) => ({
    keywords: [...new Set([...(fields.keyword ?? []), ...(fields.keywords ?? [])])],
    match: fields.match ?? 'word',
    caseSensitive: fields.case_sensitive ?? false,
    accentSensitive: fields.accent_sensitive ?? false,
    priority: fields.priority ?? 0,
    chats: fields.chats ?? 'all',
    enabled: fields.enabled ?? true,
    reply: fields.reply,
  }));
export type KeywordFields = z.output<typeof KeywordFields>;

type Written = {
  readonly keyword?: readonly string[] | undefined;
  readonly keywords?: readonly string[] | undefined;
  readonly match?: KeywordMatch | undefined;
};

function requireKeywords({ value, issues }: z.core.ParsePayload<Written>): void {
  const fault = (path: PropertyKey[], message: string) =>
    void issues.push({ code: 'custom', input: value, path, message });
  if (value.keyword === undefined && value.keywords === undefined) {
    fault(['keyword'], 'is required');
  }
  if (value.match !== 'regex') return;
  for (const field of ['keyword', 'keywords'] as const) {
    for (const [index, pattern] of (value[field] ?? []).entries()) {
      const reason = checkPattern(pattern);
      if (reason !== undefined) fault([field, index], reason);
    }
  }
}

function toText(value: unknown): unknown {
  return typeof value === 'number' ? String(value) : value;
}
