import { setTimeout as delay } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { InboundMessage } from '#runner/inbound/inbound-message.ts';
import type { Notice } from '#runner/inbound/notice.ts';
import { AuthState } from '#runner/journal/auth-state.ts';
import type { Receipt, ServerAck } from '#runner/session/whatsapp-socket.ts';
import { BaileysSocket } from '#runner/whatsapp/baileys-socket.ts';
import type { KeptMessage } from '#runner/whatsapp/compose-message.ts';
import { trustNetwork } from '#runner/whatsapp/network.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';
import { call } from '../../simulator/end-to-end/control-client.ts';
import { TemporarySimulator } from '../../simulator/end-to-end/temporary-simulator.ts';
import { until } from '../../until.ts';
import { GatedLog } from '../journal/gated-log.ts';
import { journalOf } from '../journal/journal-for-test.ts';
import { silentLog } from '../silent-log.ts';

export const OWN_PHONE = '15550004001';
export const OTHER_PHONE = '15550004002';

/** What a session would have heard. */
type Heard = {
  readonly codes: string[];
  readonly messages: { readonly message: InboundMessage; readonly done: () => void }[];
  readonly acks: ServerAck[];
  readonly receipts: Receipt[];
  readonly notices: Notice[];
  isLinked: boolean;
  isOpen: boolean;
};

/** An instance on a simulated network with two phones, one of which can link it. */
export async function onSimulatedNetwork() {
  const temporary = await TemporarySimulator.start();
  onTestFinished(async () => await temporary.remove());
  const simulator = temporary.current;
  const noiseRoot = Buffer.from(simulator.noiseRoot, 'base64');
  trustNetwork({ kind: 'simulated', url: simulator.url, noiseRoot });
  for (const number of [OWN_PHONE, OTHER_PHONE]) {
    await call(simulator, 'POST', '/phones', { number, name: number });
  }
  const { storage } = await openForTest();
  const openLog = () => new GatedLog(journalOf(storage.mediaBlobs));
  /** A test closes it when the runner must not act any more. */
  const fence = { isClosed: false };
  /** What the instance has sent and received, by WhatsApp id. */
  const kept = new Map<string, KeptMessage>();

  function connect(
    auth: AuthState,
    now = () => new Date(),
    // Patience is a hundred times shorter here, if nothing else is said.
    { url = simulator.url, hurry = 100 } = {},
  ) {
    const heard: Heard = {
      codes: [],
      messages: [],
      acks: [],
      receipts: [],
      notices: [],
      isLinked: false,
      isOpen: false,
    };
    const socket = new BaileysSocket({
      instanceId: 'one',
      url,
      auth,
      listener: {
        onQr: (code) => heard.codes.push(code),
        onLinked: () => {
          heard.isLinked = true;
        },
        onOpen: () => {
          heard.isOpen = true;
        },
        onMessage: (message, done) => heard.messages.push({ message, done }),
        onAck: (ack) => heard.acks.push(ack),
        onReceipt: (receipt) => heard.receipts.push(receipt),
        onNotice: (notice) => heard.notices.push(notice),
      },
      findMessage: async ({ waId }) => kept.get(waId),
      mayAct: () => !fence.isClosed,
      now,
      sleep: async (delayMs) => await delay(delayMs / hurry),
      log: silentLog,
    });
    onTestFinished(async () => {
      await socket.close('stopped');
      await auth.flush().catch(() => undefined);
    });
    return { socket, heard };
  }

  return {
    simulator,
    fence,
    kept,
    openLog,
    connect,
    /** Links the instance by its code, and logs in. */
    async link() {
      const log = openLog();
      const auth = await AuthState.open(log);
      const first = connect(auth);
      await until('there is a code', () => first.heard.codes.length > 0);
      await call(simulator, 'POST', `/phones/${OWN_PHONE}/link`, { qr: first.heard.codes[0] });
      const reason = await first.socket.closed;
      await auth.flush();
      const { socket, heard } = connect(auth);
      await until('it is logged in', () => socket.isOpen);
      return { log, auth, socket, heard, first: { ...first.heard, reason } };
    },
  };
}
