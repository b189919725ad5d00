import type {
  Outgoing,
  Queue,
  QueueSettings,
  Received,
  ReceiveOptions,
} from '#shared/storage/queue.ts';
import { checkOutgoing, checkReceive, checkVisibility } from '#shared/storage/rules/queue-rules.ts';

/** SQS FIFO remembers a deduplication id for five minutes. */
const DEDUP_MS = 5 * 60_000;

type Kept = Outgoing & { readonly seq: number; visibleAtMs: number; receiveCount: number };

export type MemoryQueueDeps = {
  readonly now: () => Date;
  /** Rejects when the signal aborts. */
  readonly sleep: (delayMs: number, signal: AbortSignal) => Promise<void>;
};

/** The `Queue` port in memory. A message that was received too often is dropped. */
export class MemoryQueue implements Queue {
  readonly #settings: Omit<QueueSettings, 'name'>;
  readonly #deps: MemoryQueueDeps;
  readonly #dedups = new Map<string, number>();
  #messages: Kept[] = [];
  #seq = 0;
  /** Wakes those who wait, when something has changed. */
  #change = new AbortController();

  constructor(settings: Omit<QueueSettings, 'name'>, deps: MemoryQueueDeps) {
    this.#settings = settings;
    this.#deps = deps;
  }

  async send(message: Outgoing): Promise<void> {
    const { kind } = this.#settings;
    checkOutgoing(message, kind);
    const nowMs = this.#nowMs();
    if (kind === 'fifo' && (this.#dedups.get(message.dedupId) ?? 0) > nowMs) return;
    if (kind === 'fifo') this.#dedups.set(message.dedupId, nowMs + DEDUP_MS);
    this.#seq += 1;
    const visibleAtMs = nowMs + (message.delayMs ?? 0);
    this.#messages.push({ ...message, seq: this.#seq, visibleAtMs, receiveCount: 0 });
    this.#notify();
  }

  async receive({ max, waitMs, signal }: ReceiveOptions): Promise<readonly Received[]> {
    checkReceive({ max, waitMs });
    const endMs = this.#nowMs() + waitMs;
    while (!signal?.aborted) {
      const claimed = this.#claim(max);
      if (claimed.length > 0) return claimed;
      const nowMs = this.#nowMs();
      if (nowMs >= endMs) break;
      const wakeAtMs = Math.min(
        endMs,
        ...this.#messages.map(({ visibleAtMs }) => visibleAtMs).filter((atMs) => atMs > nowMs),
      );
      const either = AbortSignal.any([this.#change.signal, ...(signal ? [signal] : [])]);
      await this.#deps.sleep(wakeAtMs - nowMs, either).catch(() => undefined);
    }
    return [];
  }

  #claim(max: number): Received[] {
    const { kind, visibilityMs, receivesMax } = this.#settings;
    const nowMs = this.#nowMs();
    const isHidden = ({ visibleAtMs }: Kept) => visibleAtMs > nowMs;
    const hidden = kind === 'fifo' ? this.#messages.filter(isHidden) : [];
    const blocked = new Set(hidden.map(({ group }) => group));
    const ready = this.#messages.filter(
      (message) => !isHidden(message) && !blocked.has(message.group),
    );
    const [dead, living] = [
      ready.filter(({ receiveCount }) => receiveCount >= receivesMax),
      ready.filter(({ receiveCount }) => receiveCount < receivesMax),
    ];
    for (const message of dead) this.#drop(message);
    return living.slice(0, max).map((message) => {
      message.receiveCount += 1;
      message.visibleAtMs = nowMs + visibilityMs;
      return this.#toReceived(message);
    });
  }

  #toReceived(message: Kept): Received {
    const { seq, group, body, receiveCount } = message;
    const isOurs = () => message.receiveCount === receiveCount;
    const hide = (forMs: number) => {
      checkVisibility(forMs);
      if (isOurs()) message.visibleAtMs = this.#nowMs() + forMs;
      this.#notify();
    };
    return {
      id: String(seq),
      group,
      body,
      receiveCount,
      ack: async () => {
        if (isOurs()) this.#drop(message);
        this.#notify();
      },
      extend: async (visibilityMs) => hide(visibilityMs),
      release: async (delayMs = 0) => hide(delayMs),
    };
  }

  #drop(message: Kept): void {
    this.#messages = this.#messages.filter((kept) => kept !== message);
  }

  #notify(): void {
    const change = this.#change;
    this.#change = new AbortController();
    // A reason of our own, as the usual one costs a stack trace.
    change.abort('changed');
  }

  #nowMs(): number {
    return this.#deps.now().getTime();
  }
}
