import { isPending, type Message } from '#shared/domain/message.ts';
import type { Deps } from '../deps.ts';

const LOOK_EVERY_MS = 250;

/** The messages when WhatsApp's word on each of them is there, or as they are when the time is over. */
export async function awaitSent(
  messages: readonly Message[],
  waitS: number,
  deps: Pick<Deps, 'messages' | 'sleep'>,
): Promise<readonly Message[]> {
  let current = messages;
  const looksMax = Math.ceil((waitS * 1_000) / LOOK_EVERY_MS);
  for (let looks = 0; looks < looksMax; looks += 1) {
    if (!current.some(isOnItsWay)) return current;
    await deps.sleep(LOOK_EVERY_MS);
    current = await Promise.all(
      current.map(async (message) => (await deps.messages.get(message.messageId)) ?? message),
    );
  }
  return current;
}

/** Nobody waits for what is to be sent later. */
function isOnItsWay({ state, sendAt }: Message): boolean {
  return isPending(state) && sendAt === undefined;
}
