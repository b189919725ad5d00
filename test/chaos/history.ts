/** One instance and one customer who write to each other. */
export type Chat = {
  readonly instanceId: string;
  /** The instance's own number. */
  readonly business: string;
  readonly customer: string;
};

/** What names a chat in a history. */
export function nameOf({ business, customer }: Pick<Chat, 'business' | 'customer'>): string {
  return `${business}>${customer}`;
}

/** A message that the API has accepted. Within a chat the next call begins when the one before is answered. */
export type AcceptedSend = {
  readonly chat: string;
  readonly text: string;
  readonly messageId: string;
  /** Wall clocks, of one machine. */
  readonly calledAtMs: number;
  readonly acceptedAtMs: number;
};

/** A message that the customer's phone has handed to WhatsApp, in the chat's order. */
export type WrittenMessage = {
  readonly chat: string;
  readonly text: string;
  readonly writtenAtMs: number;
};

/** What a customer's phone shows of a chat, in the order of its arrival. */
export type ShownMessage = {
  readonly chat: string;
  readonly text: string;
  readonly atMs: number;
  /** How often it came over the wire. */
  readonly copies: number;
};

/** A webhook as it arrived, `onMessage` alone, in the order of arrival. */
export type Delivery = {
  readonly eventId: string;
  readonly chat: string;
  readonly text: string;
  readonly atMs: number;
  readonly isSigned: boolean;
};

/** What a runner left behind, and when another had each of its sessions logged in. */
export type Failover = {
  readonly runner: string;
  readonly session: string;
  readonly tookMs: number;
};

/** How a runner ended when it was told to: its exit code, `null` when it had to be killed. */
export type LastExit = { readonly name: string; readonly code: number | null };

/** How the processes were at the end. */
export type LeftProcess = { readonly name: string; readonly pid: number; readonly state: string };

/** What was seen of a run from outside. */
export type History = {
  readonly sends: readonly AcceptedSend[];
  /** Calls that were refused for good, in words. */
  readonly refusals: readonly string[];
  readonly written: readonly WrittenMessage[];
  readonly shown: readonly ShownMessage[];
  readonly deliveries: readonly Delivery[];
  /** What `GET /whatsapp/message/{id}` says in the end, by the message's id. */
  readonly states: ReadonlyMap<string, string>;
  /** The simulator's, by name. */
  readonly violations: Readonly<Record<string, number>>;
  readonly failovers: readonly Failover[];
  readonly exits: readonly LastExit[];
  readonly left: readonly LeftProcess[];
};
