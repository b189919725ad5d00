import type { RingingCall } from './phone-calls.ts';

/** The calls that ring now. Nothing of it is kept on disk. */
export class CallBook {
  readonly #calls = new Map<string, RingingCall>();

  add(call: RingingCall): void {
    this.#calls.set(call.id, call);
  }

  /** The call of that phone, which rings no more; `undefined` when there is none. */
  take(number: string, id: string): RingingCall | undefined {
    const call = this.#calls.get(id);
    if (call?.from.number !== number) return undefined;
    this.#calls.delete(id);
    return call;
  }
}
