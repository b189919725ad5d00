import { isDeepStrictEqual } from 'node:util';
import {
  decidePace,
  notePace,
  type PaceDecision,
  type PaceState,
  restedPaceState,
} from '#shared/domain/decide-pace.ts';
import type { Instance } from '#shared/domain/instance.ts';
import type { MessageContent } from '#shared/domain/message-content.ts';
import { effectivePace, type Pace } from '#shared/domain/pace.ts';
import { parseRecipient } from '#shared/domain/recipient.ts';
import { typingMs } from '#shared/domain/typing-ms.ts';
import type { ChatBook } from './chat-book.ts';

export type SendPacerDeps = {
  /** Whether sessions are paced whose customers have said nothing of it. */
  readonly paceByDefault: boolean;
  readonly now: () => Date;
  readonly jitter: () => number;
};

type Paced = Pick<Instance, 'pace' | 'linkedAt'>;

/** Keeps one session from sending faster than a person would, as far as its customer wants that. */
export class SendPacer {
  readonly #deps: SendPacerDeps;
  #instance: Paced;
  #state: PaceState | undefined;

  constructor(instance: Paced, deps: SendPacerDeps) {
    this.#instance = instance;
    this.#deps = deps;
  }

  /** The customer may have set another pace; whether it is another. */
  adopt(instance: Paced): boolean {
    const before = this.#instance;
    this.#instance = instance;
    return !isDeepStrictEqual(before.pace, instance.pace);
  }

  decide(chatId: string, chats: ChatBook): PaceDecision {
    const pace = this.#pace();
    if (pace === undefined) return { kind: 'send' };
    const now = this.#deps.now();
    const chat = parseRecipient(chatId);
    return decidePace(pace, this.#stateOf(pace), {
      chatId,
      isNewChat: chat !== undefined && chat.kind !== 'group' && chats.isNew(chat),
      newChatsToday: chats.newChatsOn(now),
      atMs: now.getTime(),
    });
  }

  /** A message goes out now. */
  note(chatId: string): void {
    const pace = this.#pace();
    if (pace === undefined) return;
    const atMs = this.#deps.now().getTime();
    this.#state = notePace(pace, this.#stateOf(pace), { chatId, atMs });
  }

  /** For how long the others should see that this is being written; 0 is not at all. */
  typingMs(content: MessageContent): number {
    const pace = this.#pace();
    if (!pace?.typing || content.kind !== 'text') return 0;
    return typingMs(content.text, this.#deps.jitter());
  }

  #pace(): Pace | undefined {
    const { paceByDefault: isOnByDefault, now } = this.#deps;
    const { pace, linkedAt } = this.#instance;
    return effectivePace(pace, { linkedAt, now: now(), isOnByDefault });
  }

  #stateOf(pace: Pace): PaceState {
    return this.#state ?? restedPaceState(pace, this.#deps.now().getTime());
  }
}
