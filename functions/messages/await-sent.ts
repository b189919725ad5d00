import type { Instance } from '#shared/domain/instance.ts';
import { isPending, type Message } from '#shared/domain/message.ts';
import type { Deps } from '../deps.ts';
import { seeStatus } from '../instances/see-status.ts';

const LOOK_EVERY_MS = 250;
/** A picture of some megabytes is up in a second or two; an answer need not tell of it. */
const UPLOAD_WAIT_S = 5;

type Needs = Pick<Deps, 'messages' | 'sleep'>;

/** The messages when WhatsApp's word on each of them is there, or as they are when the time is over. */
export async function awaitSent(
  messages: readonly Message[],
  waitS: number,
  deps: Needs,
): Promise<readonly Message[]> {
  // Nobody waits for what is to be sent later.
  const isSettled = ({ state, sendAt }: Message) => sendAt !== undefined || !isPending(state);
  return await awaitAll(messages, { waitS, isSettled }, deps);
}

/**
 * The messages when WhatsApp has their files, so that an answer can tell of them. One that is for later, or for an
 * instance that is not connected, is not waited for.
 */
export async function awaitUploads(
  messages: readonly Message[],
  instance: Instance,
  deps: Needs & Pick<Deps, 'now' | 'runners'>,
): Promise<readonly Message[]> {
  if ((await seeStatus(instance, deps)).status !== 'CONNECTED') return messages;
  const isSettled = ({ state, upload, sendAt }: Message) =>
    upload !== undefined || sendAt !== undefined || !isPending(state);
  return await awaitAll(messages, { waitS: UPLOAD_WAIT_S, isSettled }, deps);
}

async function awaitAll(
  messages: readonly Message[],
  { waitS, isSettled }: { waitS: number; isSettled: (message: Message) => boolean },
  deps: Needs,
): Promise<readonly Message[]> {
  let current = messages;
  const looksMax = Math.ceil((waitS * 1_000) / LOOK_EVERY_MS);
  for (let looks = 0; looks < looksMax; looks += 1) {
    if (current.every(isSettled)) return current;
    await deps.sleep(LOOK_EVERY_MS);
    current = await Promise.all(
      current.map(async (message) => (await deps.messages.get(message.messageId)) ?? message),
    );
  }
  return current;
}
