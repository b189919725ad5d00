import type { Network } from '#simulator/network.ts';
import { resolveJid } from '#simulator/phones/directory.ts';
import { takeBundle } from '#simulator/phones/key-bundles.ts';
import {
  bundleNodes,
  readIdentity,
  readPreKey,
  readSignedPreKey,
  registrationNode,
} from '#simulator/server/key-nodes.ts';
import { unixTime } from '#simulator/server/stanzas.ts';
import { withTypeByte } from '#simulator/signal/keys.ts';
import { verify } from '#simulator/signal/xeddsa.ts';
import type { CompanionRecord } from '#simulator/store/companion-records.ts';
import { type BinaryNode, childOf, childrenOf } from '#simulator/wire/binary-node.ts';

import {
  BAD_REQUEST,
  EMPTY_RESULT,
  type IqAnswer,
  type IqHandler,
  ITEM_NOT_FOUND,
  resultOf,
} from './iq-answer.ts';

/** Baileys uploads 812 at first. */
const PRE_KEYS_PER_UPLOAD_MAX = 2_000;

const NOT_ACCEPTABLE: IqAnswer = { kind: 'error', code: 406, text: 'not-acceptable' };

/** xmlns `encrypt`: the Signal keys of devices. */
export const answerEncryptIq: IqHandler = (iq, asker, network) => {
  const companion = network.store.companions.find(asker.number, asker.device);
  const [query] = childrenOf(iq);
  if (!companion || !query) return BAD_REQUEST;
  if (iq.attrs['type'] === 'get') return answerGet(query, companion, network);
  const rotation = childOf(iq, 'rotate');
  if (rotation) return takeSignedPreKey(rotation, companion, network);
  return takeUpload(iq, companion, network);
};

function answerGet(query: BinaryNode, companion: CompanionRecord, network: Network): IqAnswer {
  const { number, device } = companion;
  const count = network.store.companions.countPreKeys(number, device);
  switch (query.tag) {
    case 'count':
      return resultOf({ tag: 'count', attrs: { value: String(count) } });
    case 'digest':
      return count === 0 ? ITEM_NOT_FOUND : resultOf(digestNode(companion));
    case 'key':
      return resultOf({
        tag: 'list',
        attrs: {},
        content: childrenOf(query, 'user').map((user) => bundleOf(user.attrs['jid'], network)),
      });
    default:
      return EMPTY_RESULT;
  }
}

/** What the server has of the companion's keys, so that it can compare. */
function digestNode({ registrationId, identityPublic, signedPreKey }: CompanionRecord): BinaryNode {
  const keys = bundleNodes({ registrationId, identityKey: identityPublic, signedPreKey });
  return { tag: 'digest', attrs: {}, content: [registrationNode(registrationId), ...keys] };
}

function bundleOf(jid: string | undefined, network: Network): BinaryNode {
  const address = resolveJid(jid, network)?.address;
  const bundle = address && takeBundle(address, network);
  if (!bundle) {
    const error = { tag: 'error', attrs: { code: '404', text: 'item-not-found' } };
    return { tag: 'user', attrs: { jid: jid ?? '' }, content: [error] };
  }
  return {
    tag: 'user',
    attrs: { jid: jid ?? '', t: unixTime(network.now()) },
    content: [registrationNode(bundle.registrationId), ...bundleNodes(bundle)],
  };
}

function takeUpload(iq: BinaryNode, companion: CompanionRecord, network: Network): IqAnswer {
  const list = childOf(iq, 'list');
  const keys = list ? childrenOf(list, 'key') : [];
  const isSameIdentity = readIdentity(iq).equals(companion.identityPublic);
  if (!isSameIdentity || keys.length > PRE_KEYS_PER_UPLOAD_MAX) return NOT_ACCEPTABLE;
  const answer = takeSignedPreKey(iq, companion, network);
  if (answer.kind === 'error') return answer;
  const { number, device } = companion;
  for (const key of keys) network.store.companions.addPreKey(number, device, readPreKey(key));
  return EMPTY_RESULT;
}

function takeSignedPreKey(
  parent: BinaryNode,
  { number, device, identityPublic }: CompanionRecord,
  { store }: Network,
): IqAnswer {
  const key = readSignedPreKey(parent);
  const isSigned = verify(identityPublic, withTypeByte(key.publicKey), key.signature);
  if (!isSigned) return NOT_ACCEPTABLE;
  store.companions.setSignedPreKey(number, device, key);
  return EMPTY_RESULT;
}
