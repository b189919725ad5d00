import { matchChoice } from '#shared/domain/match-choice.ts';
import type { Choice } from '#shared/domain/message-content.ts';
import { toChatId } from '#shared/domain/recipient.ts';
import type { ChoiceRepository } from '#shared/repositories/choice-repository.ts';
import type { MessageRepository } from '#shared/repositories/message-repository.ts';
import type { InboundMessage } from './inbound-message.ts';

/** Numbers and titles are short: whoever writes more does not choose. */
const REPLY_LENGTH_MAX = 200;

export type ChoiceDeps = {
  readonly choices: ChoiceRepository;
  readonly messages: Pick<MessageRepository, 'getByWaId'>;
};

/**
 * What a message chooses: by a button of WhatsApp's own, or as a reply of the number or the title of one of the options
 * that went out as text, of the quoted message or else the last one in the chat.
 */
export async function findChoice(
  instanceId: string,
  { content, chat, fromMe }: InboundMessage,
  { choices, messages }: ChoiceDeps,
): Promise<Choice | undefined> {
  if (fromMe) return undefined;
  const { kind, text, selectedId, quoted } = content;
  if (selectedId !== undefined) return { id: selectedId, title: text };
  if (kind !== 'chat' || text.trim() === '' || text.length > REPLY_LENGTH_MAX) return undefined;
  const asked = quoted && (await messages.getByWaId(quoted.waId, instanceId))?.content;
  const offered = asked && 'choices' in asked ? asked.choices : undefined;
  return matchChoice(text, offered ?? (await choices.get(instanceId, toChatId(chat))));
}
