import type { BinaryNode } from '@whiskeysockets/baileys';
import type { MediaConnection } from '../session/whatsapp-socket.ts';

/** A host's name, with a port at most. */
const HOST = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/i;
/** What is used of a connection of which WhatsApp does not say how long it holds. */
const TTL_DEFAULT_S = 60;

export type MediaConnectionDeps = {
  readonly query: (stanza: BinaryNode) => Promise<BinaryNode | undefined>;
  readonly now: () => Date;
};

/**
 * Asks where files go to, and keeps the answer as long as it holds. Baileys has the like, but once a question of its was
 * not answered it gives that failure to all who ask later, for as long as the socket lives (Socket/messages-send.js,
 * refreshMediaConn).
 */
export class MediaConnections {
  readonly #deps: MediaConnectionDeps;
  #known: { readonly connection: MediaConnection; readonly untilMs: number } | undefined;
  #asked: Promise<MediaConnection> | undefined;

  constructor(deps: MediaConnectionDeps) {
    this.#deps = deps;
  }

  /** `renew` when the one that was given before was refused. */
  async get({ renew = false }: { readonly renew?: boolean } = {}): Promise<MediaConnection> {
    if (!renew && this.#known && this.#nowMs() < this.#known.untilMs) return this.#known.connection;
    this.#asked ??= this.#ask().finally(() => {
      this.#asked = undefined;
    });
    return await this.#asked;
  }

  async #ask(): Promise<MediaConnection> {
    const answer = await this.#deps.query({
      tag: 'iq',
      attrs: { type: 'set', xmlns: 'w:m', to: '@s.whatsapp.net' },
      content: [{ tag: 'media_conn', attrs: {} }],
    });
    const node = childrenOf(answer).find(({ tag }) => tag === 'media_conn');
    const auth = node?.attrs['auth'];
    const hosts = childrenOf(node)
      .filter(({ tag }) => tag === 'host')
      .map(({ attrs }) => attrs['hostname'] ?? '')
      .filter((host) => HOST.test(host));
    if (auth === undefined || hosts.length === 0) {
      throw new Error('WhatsApp did not say where files go to.');
    }
    const connection = { hosts, auth };
    const ttlS = Number(node?.attrs['ttl'] ?? TTL_DEFAULT_S);
    this.#known = { connection, untilMs: this.#nowMs() + ttlS * 1000 };
    return connection;
  }

  #nowMs(): number {
    return this.#deps.now().getTime();
  }
}

function childrenOf(node: BinaryNode | undefined): readonly BinaryNode[] {
  return Array.isArray(node?.content) ? node.content : [];
}
