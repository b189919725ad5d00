import { percentile } from './figures.ts';
import type { Delivery, Failover, History, ShownMessage } from './history.ts';

/** A fault more says nothing new. */
const FAULTS_SHOWN_MAX = 10;
const SENT_OR_FURTHER: readonly (string | undefined)[] = ['SENT', 'DELIVERED', 'READ', 'PLAYED'];

/** One promise, how much was looked at, and where it was broken. */
export type Verdict = {
  readonly promise: string;
  readonly checked: number;
  readonly faultCount: number;
  /** The first of them. */
  readonly faults: readonly string[];
};

export type CheckOptions = {
  /** From the kill of a runner until a session of its is logged in again, for 99 of 100. */
  readonly failoverMsMax: number;
  readonly isFailoverMeasured: boolean;
};

/** Whether what was promised was kept, promise by promise. */
export function checkHistory(history: History, options: CheckOptions): Verdict[] {
  const { sends, written, deliveries, shown, failovers, exits, left, violations, refusals } =
    history;
  return [
    verdict('no call is refused', sends.length + refusals.length, refusals),
    verdict('every accepted message ends SENT or further', sends.length, lostStates(history)),
    verdict('every accepted message is on the phone', sends.length, missingOnPhone(history)),
    verdict('no message is shown twice', shown.length, shownTwice(shown)),
    verdict('a chat is in order on the phone', shown.length, phoneDisorder(history)),
    verdict('every message of a customer is told of', written.length, untold(history)),
    verdict('a message has one event, an event one message', deliveries.length, mixedIds(history)),
    verdict('a chat is told of in order', deliveries.length, webhookDisorder(history)),
    verdict('every webhook is signed', deliveries.length, unsigned(deliveries)),
    verdict('no rule of the network is broken', Object.keys(violations).length, broken(history)),
    verdict(
      `sessions of a killed runner are back in ${options.failoverMsMax} ms (p99)`,
      failovers.length,
      lateFailovers(failovers, options),
    ),
    verdict('every runner drains when it is told to', exits.length, badExits(history)),
    verdict('no process is left', left.length, stillThere(history)),
  ];
}

function verdict(promise: string, checked: number, faults: readonly string[]): Verdict {
  const first = faults.slice(0, FAULTS_SHOWN_MAX);
  return { promise, checked, faultCount: faults.length, faults: first };
}

function lostStates({ sends, states }: History): string[] {
  return sends.flatMap(({ text, messageId }) => {
    const state = states.get(messageId);
    return SENT_OR_FURTHER.includes(state) ? [] : [`${text}: ${state ?? 'not known'}`];
  });
}

function missingOnPhone({ sends, shown }: History): string[] {
  const texts = textsByChat(shown);
  return sends
    .filter(({ chat, text }) => !texts.get(chat)?.includes(text))
    .map(({ chat, text }) => `${chat} ${text}`);
}

function shownTwice(shown: readonly ShownMessage[]): string[] {
  return [...textsByChat(shown)].flatMap(([chat, texts]) =>
    twiceIn(texts).map((text) => `${chat} ${text}`),
  );
}

/** What a call that had no answer sent is there, too, perhaps; only the accepted ones have an order. */
function phoneDisorder({ sends, shown }: History): string[] {
  return disorder(textsByChat(sends), textsByChat(shown));
}

function untold({ written, deliveries }: History): string[] {
  const told = textsByChat(deliveries);
  return written
    .filter(({ chat, text }) => !told.get(chat)?.includes(text))
    .map(({ chat, text }) => `${chat} ${text}`);
}

function mixedIds({ deliveries }: History): string[] {
  const toMessage = ({ chat, text }: Delivery) => `${chat} ${text}`;
  const byMessage = Map.groupBy(deliveries, toMessage);
  const byEvent = Map.groupBy(deliveries, ({ eventId }) => eventId);
  const several = [...byMessage].filter(([, those]) => sizeOf(those, ({ eventId }) => eventId) > 1);
  const shared = [...byEvent].filter(([, those]) => sizeOf(those, toMessage) > 1);
  return [
    ...several.map(([message]) => `${message} has several events`),
    ...shared.map(([eventId]) => `${eventId} is several messages`),
  ];
}

function webhookDisorder({ written, deliveries }: History): string[] {
  const firsts = new Map<string, Delivery>();
  for (const delivery of deliveries) {
    if (!firsts.has(delivery.eventId)) firsts.set(delivery.eventId, delivery);
  }
  return disorder(textsByChat(written), textsByChat([...firsts.values()]));
}

function unsigned(deliveries: readonly Delivery[]): string[] {
  return deliveries.filter(({ isSigned }) => !isSigned).map(({ eventId }) => eventId);
}

function broken({ violations }: History): string[] {
  return Object.entries(violations).flatMap(([name, count]) =>
    count > 0 ? [`${name}: ${count}`] : [],
  );
}

function lateFailovers(
  failovers: readonly Failover[],
  { failoverMsMax, isFailoverMeasured }: CheckOptions,
): string[] {
  if (failovers.length === 0) return isFailoverMeasured ? ['none was measured'] : [];
  const tookMs = percentile(
    failovers.map(({ tookMs }) => tookMs),
    0.99,
  );
  if (tookMs <= failoverMsMax) return [];
  const late = failovers
    .filter((failover) => failover.tookMs > failoverMsMax)
    .toSorted((one, other) => other.tookMs - one.tookMs)
    .map(({ runner, tookMs: ms }) => `a session of ${runner} was away for ${Math.round(ms)} ms`);
  return [`p99 is ${Math.round(tookMs)} ms`, ...late];
}

function badExits({ exits }: History): string[] {
  return exits.flatMap(({ name, code }) => (code === 0 ? [] : [`${name}: ${code ?? 'killed'}`]));
}

function stillThere({ left }: History): string[] {
  return left.flatMap(({ name, pid, state }) =>
    state === 'gone' ? [] : [`${name} (${pid}) is ${state}`],
  );
}

/** Where one of `expected` comes after another that it should come before. */
function disorder(
  expected: ReadonlyMap<string, readonly string[]>,
  actual: ReadonlyMap<string, readonly string[]>,
): string[] {
  return [...expected].flatMap(([chat, texts]) => {
    const ranks = new Map(texts.map((text, rank) => [text, rank]));
    const seen = new Set(actual.get(chat) ?? []);
    const known = [...seen].filter((text) => ranks.has(text));
    return known.flatMap((text, index) => {
      const next = known[index + 1];
      if (next === undefined || (ranks.get(next) ?? 0) > (ranks.get(text) ?? 0)) return [];
      return [`${chat}: ${next} after ${text}`];
    });
  });
}

function textsByChat(
  items: readonly { readonly chat: string; readonly text: string }[],
): Map<string, string[]> {
  const byChat = new Map<string, string[]>();
  for (const { chat, text } of items) {
    const texts = byChat.get(chat);
    if (texts) texts.push(text);
    else byChat.set(chat, [text]);
  }
  return byChat;
}

function twiceIn(texts: readonly string[]): string[] {
  const seen = new Set<string>();
  return texts.filter((text) => seen.size === seen.add(text).size);
}

function sizeOf<T>(items: readonly T[], key: (item: T) => string): number {
  return new Set(items.map(key)).size;
}
