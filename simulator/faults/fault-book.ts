/** What can go wrong with a socket, at once or at its next login. */
export type SocketFault =
  | { readonly kind: 'close' }
  | { readonly kind: 'stream-error'; readonly code: number }
  | { readonly kind: 'replaced' }
  | { readonly kind: 'stall' };

/** What can go wrong with a message from a linked device. */
export type MessageFault =
  | { readonly kind: 'nack'; readonly code: number }
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
  takeForMessage(number: string): MessageFault | undefined {
    return take(this.#messages, number);
  }

  /** The fault that this login meets, if any; counts it. */
  takeForLogin(moment: LoginMoment, number: string): SocketFault | undefined {
    return take(this.#logins[moment], number);
  }
}

function push<F>(book: Map<string, Waiting<F>[]>, number: string, waiting: Waiting<F>): void {
  book.set(number, [...(book.get(number) ?? []), waiting]);
}

function take<F>(book: Map<string, Waiting<F>[]>, number: string): F | undefined {
  const [first, ...rest] = book.get(number) ?? [];
  if (!first) return undefined;
  first.times -= 1;
  if (first.times === 0) book.set(number, rest);
  return first.fault;
}
