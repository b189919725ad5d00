/** What cannot go now, on one way through an outbox: order holds within a chat, so one message holds up its chat. */
export class HeldBack {
  readonly #chats = new Set<string>();
  #wakeAtMs: number | undefined;
  #isAll = false;

  /** Whether a message to the chat must wait for an earlier one. */
  holds(chatId: string): boolean {
    return this.#chats.has(chatId);
  }

  /** Nothing more goes out on this way. */
  get isAll(): boolean {
    return this.#isAll;
  }

  /** When it is time to look again, in milliseconds since 1970; `undefined` when nothing waits for a time. */
  get wakeAtMs(): number | undefined {
    return this.#wakeAtMs;
  }

  hold(chatId: string): void {
    this.#chats.add(chatId);
  }

  holdAll(): void {
    this.#isAll = true;
  }

  wakeAt(atMs: number): void {
    this.#wakeAtMs = Math.min(this.#wakeAtMs ?? atMs, atMs);
  }
}
