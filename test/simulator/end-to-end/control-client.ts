import type { ChangedView } from '#simulator/phones/message-changes.ts';
import type { SimulatorConnection } from '#simulator/simulator.ts';

export type Answer<T> = { readonly status: number; readonly body: T };

/** Calls the control API; throws when the answer is not 2xx. */
export async function call<T>(
  simulator: Pick<SimulatorConnection, 'controlUrl'>,
  method: string,
  ...[path, body]: [path: string, body?: unknown]
): Promise<T> {
  const answer = await ask<T>(simulator, method, path, body);
  if (answer.status >= 300) {
    throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  }
  return answer.body;
}

/** Calls the control API and returns whatever it answers. */
export async function ask<T>(
  { controlUrl }: Pick<SimulatorConnection, 'controlUrl'>,
  method: string,
  ...[path, body]: [path: string, body?: unknown]
): Promise<Answer<T>> {
  const response = await fetch(`${controlUrl}${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  // The caller says what the route answers.
  return { status: response.status, body: (await response.json()) as T };
}

export type MessageView = ChangedView & {
  id: string;
  chat: string;
  from: string;
  lid: string;
  fromMe: boolean;
  at: string;
  copies: number;
  state: string;
  receipts?: { from: string; type: string }[];
};

export type PhoneView = {
  number: string;
  lid: string;
  online: boolean;
  autoRead: boolean;
  devices: { id: number; platform: string; online: boolean }[];
  unread: { total: number; chats: Record<string, number> };
};

export type StatsView = {
  sockets: number;
  logins: number;
  messages: Record<
    'accepted' | 'resent' | 'nacked' | 'acksLost' | 'delivered' | 'retryReceipts',
    number
  >;
  violations: Record<'ratchetReused' | 'evictedFrames' | 'duplicateIds', number>;
  violationSamples: string[];
};

export function messagesOf(simulator: SimulatorConnection, number: string): Promise<MessageView[]> {
  return call(simulator, 'GET', `/phones/${number}/messages`);
}

/** What the phone shows of one message. */
export async function shownMessage(
  simulator: SimulatorConnection,
  number: string,
  id: string,
): Promise<MessageView> {
  const found = (await messagesOf(simulator, number)).find((message) => message.id === id);
  if (!found) throw new Error('The phone shows no message with this id.');
  return found;
}

export function phoneOf(simulator: SimulatorConnection, number: string): Promise<PhoneView> {
  return call(simulator, 'GET', `/phones/${number}`);
}

export function statsOf(simulator: SimulatorConnection): Promise<StatsView> {
  return call(simulator, 'GET', '/stats');
}

export async function sendFromPhone(
  simulator: SimulatorConnection,
  number: string,
  message: { to: string | readonly string[]; [content: string]: unknown },
): Promise<string> {
  const { id } = await call<{ id: string }>(
    simulator,
    'POST',
    `/phones/${number}/messages`,
    message,
  );
  return id;
}
