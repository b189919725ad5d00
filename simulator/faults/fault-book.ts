import type { BizShape } from '#simulator/server/biz-node.ts';

/** What can go wrong with a socket, at once or at its next login. */
export type SocketFault =
  | { readonly kind: 'close' }
  | { readonly kind: 'stream-error'; readonly code: number }
  | { readonly kind: 'replaced' }
  | { readonly kind: 'stall' };

/** What can go wrong with a message from a linked device; `only` spares all other messages. */
export type MessageFault =
  | { readonly kind: 'nack'; readonly code: number; readonly only?: 'native_flow' | undefined }
  | { readonly kind: 'lose-ack' };

/** When a waiting socket fault strikes: instead of the login's answer, or right after it. */
export type LoginMoment = 'at' | 'after';

type Waiting<F> = { readonly fault: F; times: number };

/**
 * The faults that still wait for their moment, by the number of the account. They are kept in
 * memory only: a simulator that starts again is a healthy one.
 */
export class FaultBook {
  readonly #messages = new Map<string, Waiting<MessageFault>[]>();
  readonly #logins: Record<LoginMoment, Map<string, Waiting<SocketFault>[]>> = {
    at: new Map(),
    after: new Map(),
  };

  /** The next `times` messages of this account meet the fault. */
  addForMessages(number: string, fault: MessageFault, times: number): void {
    push(this.#messages, number, { fault, times });
  }

  /** The next `times` logins of this account meet the fault. */
  addForLogins(moment: LoginMoment, number: string, waiting: Waiting<SocketFault>): void {
    if (waiting.times > 0) push(this.#logins[moment], number, waiting);
  }

  /** The fault that the account's next message meets, if any; counts it. */
  takeForMessage(number: string, shape: BizShape): MessageFault | undefined {
    return take(this.#messages, number, (fault) => isMeant(fault, shape));
  }

  /** The fault that this login meets, if any; counts it. */
  takeForLogin(moment: LoginMoment, number: string): SocketFault | undefined {
    return take(this.#logins[moment], number);
  }
}

function push<F>(book: Map<string, Waiting<F>[]>, number: string, waiting: Waiting<F>): void {
  book.set(number, [...(book.get(number) ?? []), waiting]);
}

/** The first that is meant for this. */
function take<F>(
  book: Map<string, Waiting<F>[]>,
  key: string,
  isMeantFor: (fault: F) => boolean = () => true,
): F | undefined {
  const waiting = book.get(key) ?? [];
  const found = waiting.find(({ fault }) => isMeantFor(fault));
  if (!found) return undefined;
  found.times -= 1;
  if (found.times === 0) {
    book.set(
      key,
      waiting.filter((other) => other !== found),
    );
  }
  return found.fault;
}

function isMeant(fault: MessageFault, shape: BizShape): boolean {
  return fault.kind !== 'nack' || fault.only === undefined || fault.only === shape;
}
