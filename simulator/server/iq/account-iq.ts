import { resolveJid } from '#simulator/phones/directory.ts';
import { unlinkDevice } from '#simulator/server/device-list.ts';
import { type BinaryNode, childOf, childrenOf } from '#simulator/wire/binary-node.ts';

import {
  EMPTY_RESULT,
  FORBIDDEN,
  type IqAnswer,
  type IqHandler,
  ITEM_NOT_FOUND,
  resultOf,
} from './iq-answer.ts';

const MEDIA_TTL_S = 3_600;
const MEDIA_AUTH_TTL_S = 21_600;
const MEDIA_BYTES_MAX = 100 * 1024 * 1024;
const PRIVACY = ['readreceipts', 'last', 'online', 'profile', 'status', 'groupadd', 'calladd'];

/** xmlns `md`: a linked device of the account is logged out. */
export const answerDeviceIq: IqHandler = (iq, asker, network) => {
  const removal = childOf(iq, 'remove-companion-device');
  if (!removal) return EMPTY_RESULT;
  const address = resolveJid(removal.attrs['jid'], network)?.address;
  if (address?.number !== asker.number || address.device === 0) return FORBIDDEN;
  unlinkDevice(address, network);
  return EMPTY_RESULT;
};

/** xmlns `w:m`: where media goes. */
export const answerMediaIq: IqHandler = (_iq, _asker, { mediaHost }) =>
  resultOf({
    tag: 'media_conn',
    attrs: {
      auth: mediaHost.auth,
      ttl: String(MEDIA_TTL_S),
      auth_ttl: String(MEDIA_AUTH_TTL_S),
      max_buckets: '12',
      id: '1',
    },
    content: [
      {
        tag: 'host',
        attrs: {
          hostname: mediaHost.hostName,
          maxContentLengthBytes: String(MEDIA_BYTES_MAX),
        },
      },
    ],
  });

/** xmlns `privacy`: the settings; trusted contact tokens are taken and forgotten. */
export const answerPrivacyIq: IqHandler = (iq) => {
  if (iq.attrs['type'] !== 'get') return EMPTY_RESULT;
  const content = PRIVACY.map((name) => ({ tag: 'category', attrs: { name, value: 'all' } }));
  return resultOf({ tag: 'privacy', attrs: {}, content });
};

/** xmlns `abt`: no experiments. */
export const answerPropsIq: IqHandler = () =>
  resultOf({ tag: 'props', attrs: { hash: 'sim', protocol: '1' }, content: [] });

/** xmlns `blocklist`: nobody is blocked. */
export const answerBlocklistIq: IqHandler = (iq) =>
  iq.attrs['type'] === 'get' ? resultOf({ tag: 'list', attrs: {} }) : EMPTY_RESULT;

/** xmlns `w:profile:picture`: nobody has one. */
export const answerPictureIq: IqHandler = (iq): IqAnswer =>
  iq.attrs['type'] === 'get' ? ITEM_NOT_FOUND : EMPTY_RESULT;

/** xmlns `w:sync:app:state`: every collection is empty and stays at its version. */
export const answerAppStateIq: IqHandler = (iq) => {
  const sync = childOf(iq, 'sync');
  const content = (sync ? childrenOf(sync, 'collection') : []).map(toEmptyCollection);
  return resultOf({ tag: 'sync', attrs: {}, content });
};

function toEmptyCollection({ attrs }: BinaryNode): BinaryNode {
  const { name = '', version = '0' } = attrs;
  return { tag: 'collection', attrs: { name, version } };
}
