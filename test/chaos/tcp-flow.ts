import type { Socket } from 'node:net';

/** What waits in a flow beyond this is left to the kernel, and so to the sender. */
const HELD_BYTES_MAX = 1024 * 1024;

type FlowCondition = {
  /** Nothing comes through; it waits. */
  readonly isHeld: boolean;
  readonly delayMs: number;
};

type Step =
  | { readonly kind: 'data'; readonly bytes: Buffer; readonly dueMs: number }
  | { readonly kind: 'end' | 'close' | 'reset'; readonly dueMs: number };

/** One direction of a connection: what one socket says, the other is told, in order and when the condition allows it. */
export class TcpFlow {
  readonly #source: Socket;
  readonly #sink: Socket;
  readonly #steps: Step[] = [];
  #condition: FlowCondition = { isHeld: false, delayMs: 0 };
  #heldBytes = 0;
  #isSwallowing = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(source: Socket, sink: Socket) {
    this.#source = source;
    this.#sink = sink;
    source.on('data', (bytes: Buffer) => this.#take({ kind: 'data', bytes, dueMs: this.#dueMs() }));
    source.on('end', () => this.#take({ kind: 'end', dueMs: this.#dueMs() }));
    let hasFailed = false;
    source.on('error', () => {
      hasFailed = true;
    });
    source.on('close', () => {
      // Whoever resets a connection has nothing more to send: what has not come through never will.
      if (hasFailed) this.#drop();
      this.#take({ kind: hasFailed ? 'reset' : 'close', dueMs: this.#dueMs() });
    });
    sink.on('drain', () => this.#pass());
    sink.on('close', () => clearTimeout(this.#timer));
  }

  set(condition: FlowCondition): void {
    this.#condition = condition;
    this.#pass();
  }

  /** From now on everything is lost, and the other side learns of nothing. */
  swallow(): void {
    this.#isSwallowing = true;
    this.#drop();
    clearTimeout(this.#timer);
    this.#source.resume();
  }

  #drop(): void {
    this.#steps.length = 0;
    this.#heldBytes = 0;
  }

  #dueMs(): number {
    return performance.now() + this.#condition.delayMs;
  }

  #take(step: Step): void {
    if (this.#isSwallowing) return;
    this.#steps.push(step);
    if (step.kind === 'data') this.#heldBytes += step.bytes.length;
    if (this.#heldBytes > HELD_BYTES_MAX) this.#source.pause();
    this.#pass();
  }

  #pass(): void {
    clearTimeout(this.#timer);
    while (!this.#condition.isHeld && !this.#sink.writableNeedDrain) {
      const [step] = this.#steps;
      if (step === undefined) break;
      const waitMs = step.dueMs - performance.now();
      if (waitMs > 0) {
        this.#timer = setTimeout(() => this.#pass(), waitMs);
        return;
      }
      this.#steps.shift();
      this.#tell(step);
    }
    if (this.#heldBytes <= HELD_BYTES_MAX) this.#source.resume();
  }

  #tell(step: Step): void {
    switch (step.kind) {
      case 'data':
        this.#heldBytes -= step.bytes.length;
        if (this.#sink.writable) this.#sink.write(step.bytes);
        return;
      case 'end':
        this.#sink.end();
        return;
      case 'close':
        this.#sink.destroySoon();
        return;
      case 'reset':
        this.#sink.resetAndDestroy();
        return;
    }
  }
}
