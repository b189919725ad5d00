import { isPending, type Message, type MessageState, toAck } from '#shared/domain/message.ts';
import { keys } from '#shared/repositories/keys.ts';
import type { PostOffice } from './post-office.ts';
import type { Workload } from './workload.ts';
import type { World } from './world.ts';

type Seen = { readonly world: World; readonly workload: Workload; readonly post: PostOffice };

/** Whether nothing is left to do. */
export function isAtRest({ world, workload, post }: Seen): boolean {
  const isSettled = workload.accepted.every((message) => {
    const state = stateOf(message, world) ?? 'QUEUED';
    return !isPending(state) && post.hasAck(message.waId, toAck(state));
  });
  return isSettled && workload.inbound.every((waId) => post.eventsOf(waId).size > 0);
}

/** What must be true when all has come to rest. */
export function checkAtRest(seen: Seen): void {
  const { world, workload, post } = seen;
  const { ledger } = world;
  for (const message of workload.accepted) {
    checkSend(message, world);
    checkTold(message, seen);
  }
  for (const instanceId of new Set(workload.accepted.map((message) => message.instanceId))) {
    checkOrder(instanceId, seen);
  }
  for (const waId of workload.inbound) {
    const events = post.eventsOf(waId).size;
    if (events === 0) ledger.break('no_inbound_lost', `No webhook tells of ${waId}.`);
    if (events > 1) ledger.break('event_id_is_stable', `${events} events tell of ${waId}.`);
  }
}

function checkSend(message: Message, world: World): void {
  const { waId, instanceId, chatId, content } = message;
  const { ledger, whatsapp } = world;
  const text = content.kind === 'text' ? content.text : '';
  const shown = whatsapp.device(instanceId).chats.get(chatId) ?? [];
  const times = shown.filter((one) => one.text === text).length;
  const state = stateOf(message, world) ?? 'gone';
  const name = `${waId} of ${instanceId.slice(-4)}`;
  if (times > 1) ledger.break('shown_once', `${name} is shown ${times} times; it is ${state}.`);
  const isThere = state === 'SENT' || state === 'DELIVERED' || state === 'READ';
  if (isThere && times === 0)
    ledger.break('no_send_lost', `${name} is ${state}, and nobody sees it.`);
  if (!isThere) ledger.break('no_send_lost', `${name} is ${state}, and shown ${times} times.`);
}

/** The last step of a message is told: nothing else repeats it. */
function checkTold(message: Message, { world, post }: Seen): void {
  const { waId, instanceId } = message;
  const state = stateOf(message, world);
  if (state === undefined || isPending(state) || post.hasAck(waId, toAck(state))) return;
  const words = `No webhook tells that ${waId} of ${instanceId.slice(-4)} is ${state}.`;
  world.ledger.break('no_step_untold', words);
}

/** The messages of a chat are seen in the order in which they were accepted. */
function checkOrder(instanceId: string, { world, workload }: Seen): void {
  const { whatsapp, ledger } = world;
  for (const [chatId, shown] of whatsapp.device(instanceId).chats) {
    const accepted = workload.accepted
      .filter((message) => message.instanceId === instanceId && message.chatId === chatId)
      .map(({ waId }) => waId);
    const places = shown.map(({ waId }) => accepted.indexOf(waId));
    const late = places.findIndex((place, index) => place < (places[index - 1] ?? -1));
    if (late < 0) continue;
    const words = `${shown[late]?.waId} is seen after ${shown[late - 1]?.waId} in ${chatId} of ${instanceId.slice(-4)}.`;
    ledger.break('order_in_chat', words);
  }
}

function stateOf({ messageId }: Message, { storage }: World): MessageState | undefined {
  const state = storage.table.peek(keys.message(messageId))?.['state'];
  return state as MessageState | undefined;
}
