import { jidOf } from '#simulator/addresses.ts';
import type { Network } from '#simulator/network.ts';
import { unixTime } from '#simulator/server/stanzas.ts';
import type { PhoneRecord } from '#simulator/store/phone-records.ts';
import type { BinaryNode } from '#simulator/wire/binary-node.ts';

type Needs = Pick<Network, 'store' | 'post' | 'now' | 'random'>;

const CALL_ID_BYTES = 16;
const STANZA_ID_BYTES = 8;

/** A call that rings. */
export type RingingCall = {
  readonly id: string;
  readonly from: PhoneRecord;
  readonly to: PhoneRecord;
  readonly video: boolean;
};

/** How a call ends before anybody has taken it. */
export type CallEnd = 'hung_up' | 'timeout';

/** The linked devices of who is called hear it ring. */
export function ring({ from, to, video }: Omit<RingingCall, 'id'>, network: Needs): RingingCall {
  const call = { id: hex(CALL_ID_BYTES, network), from, to, video };
  const media = [{ tag: 'audio', attrs: { enc: 'opus', rate: '16000' } }];
  const picture = video ? [{ tag: 'video', attrs: { enc: 'vp8' } }] : [];
  tell(call, { tag: 'offer', content: [...media, ...picture] }, network);
  return call;
}

export function endCall(call: RingingCall, end: CallEnd, network: Needs): void {
  const reason: Record<string, string> = end === 'timeout' ? { reason: 'timeout' } : {};
  tell(call, { tag: 'terminate', attrs: reason }, network);
}

/** As Baileys reads it in Socket/messages-recv.js handleCall. */
function tell(
  { id, from, to }: RingingCall,
  { tag, attrs = {}, content = [] }: Omit<BinaryNode, 'attrs'> & Partial<BinaryNode>,
  network: Needs,
): void {
  const caller = jidOf(from, 'lid');
  const inner = { 'call-id': id, 'call-creator': caller, caller_pn: jidOf(from, 'pn'), ...attrs };
  const node: BinaryNode = {
    tag: 'call',
    attrs: { from: caller, id: hex(STANZA_ID_BYTES, network), t: unixTime(network.now()) },
    content: [{ tag, attrs: inner, content }],
  };
  network.store.db.transaction(() => {
    for (const { device } of network.store.companions.list(to.number)) {
      network.post({ number: to.number, device }, node);
    }
  });
}

function hex(bytes: number, { random }: Pick<Network, 'random'>): string {
  return random(bytes).toString('hex').toUpperCase();
}
