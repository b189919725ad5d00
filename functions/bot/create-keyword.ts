import type { KeywordRule } from '#shared/bot/keyword-rule.ts';
import { DomainError } from '#shared/domain/error.ts';
import { ORDERED_ID_RANDOM_BYTES, toOrderedId } from '#shared/domain/identifier.ts';
import { KEYWORD_RULES_MAX } from '#shared/repositories/keyword-repository.ts';
import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { created } from '../http/reply.ts';
import { KeywordFields } from './keyword-fields.ts';
import { type ReplyNeeds, toBotReply } from './to-bot-reply.ts';
import { toKeywordView } from './to-keyword-view.ts';

type Needs = ReplyNeeds & Pick<Deps, 'keywords' | 'randomBytes'>;

/** Tells the instance's bot what to answer to a keyword, from the next message on. */
export const createKeyword = defineRoute({
  auth: 'instance',
  body: KeywordFields,
  async run({ instance, body }, deps: Needs) {
    const { accountId, instanceId } = instance;
    const reply = await toBotReply(instance, body.reply, deps);
    const at = deps.now();
    const rule: KeywordRule = {
      accountId,
      instanceId,
      keywordId: toOrderedId(at, deps.randomBytes(ORDERED_ID_RANDOM_BYTES)),
      ...body,
      reply,
      createdAt: at.toISOString(),
      updatedAt: at.toISOString(),
    };
    if ((await deps.keywords.create(rule)) === 'full') {
      throw new DomainError(
        'too_many_keywords',
        `An instance may have ${KEYWORD_RULES_MAX} keyword rules: delete some first.`,
      );
    }
    return created('Keyword created successfully!', toKeywordView(rule));
  },
});
