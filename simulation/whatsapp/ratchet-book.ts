import * as z from 'zod';
import type { AuthState } from '#runner/journal/auth-state.ts';
import type { InboundFrame } from './frames.ts';

const SESSION = 'session';
const CREDS = { kind: 'creds', id: 'me' } as const;

/** How often each way of a ratchet was turned. */
const Session = z.object({ out: z.int(), in: z.int() });
type Session = z.infer<typeof Session>;

/** The ratchets of one device in its auth state, where libsignal has its sessions. A step joins the next record. */
export class RatchetBook {
  readonly #auth: AuthState;

  constructor(auth: AuthState) {
    this.#auth = auth;
  }

  get isLinked(): boolean {
    return this.#auth.get(CREDS.kind, [CREDS.id])[CREDS.id] !== undefined;
  }

  link(): void {
    this.#auth.stage({ [CREDS.kind]: { [CREDS.id]: { isLinked: true } } });
  }

  lastOut(chatId: string): number {
    return this.#session(chatId).out;
  }

  /** Answers the position at which a message is encrypted. */
  stepOut(chatId: string): number {
    const session = this.#session(chatId);
    const position = session.out + 1;
    this.#keep(chatId, { ...session, out: position });
    return position;
  }

  /** `false` when a message was decrypted at the position before: it cannot be done again. */
  stepIn({ chatId, position }: InboundFrame): boolean {
    const session = this.#session(chatId);
    if (position <= session.in) return false;
    this.#keep(chatId, { ...session, in: position });
    return true;
  }

  #session(chatId: string): Session {
    const kept = this.#auth.get(SESSION, [chatId])[chatId];
    return kept === undefined ? { out: 0, in: 0 } : Session.parse(kept);
  }

  #keep(chatId: string, session: Session): void {
    this.#auth.stage({ [SESSION]: { [chatId]: session } });
  }
}
