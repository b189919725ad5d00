import { type AccountNames, jidOf, SERVER_JID } from '#simulator/addresses.ts';
import type { BinaryNode } from '#simulator/wire/binary-node.ts';

import { bytesNode, mdIq, unixTime } from './stanzas.ts';

/** The refs of which the companion makes QR codes, one after the other. */
export function pairDeviceNode(refs: readonly string[]): BinaryNode {
  const content = refs.map((ref) => bytesNode('ref', Buffer.from(ref)));
  return mdIq('pair-device', [{ tag: 'pair-device', attrs: {}, content }]);
}

/** The companion is linked as this device, if the identity's HMAC is right for it. */
export function pairSuccessNode(
  phone: AccountNames & { readonly name: string },
  device: number,
  signedIdentity: Uint8Array,
): BinaryNode {
  const jids = { jid: jidOf(phone, 'pn', device), lid: jidOf(phone, 'lid', device) };
  const content = [
    bytesNode('device-identity', signedIdentity),
    { tag: 'biz', attrs: { name: phone.name } },
    { tag: 'device', attrs: jids },
    { tag: 'platform', attrs: { name: 'android' } },
  ];
  return mdIq(`pair-success-${device}`, [{ tag: 'pair-success', attrs: {}, content }]);
}

/** The phone's part of the pairing code ceremony (Baileys Socket/messages-recv.js). */
export function primaryHelloNode(hello: {
  id: string;
  ref: string;
  identityPublic: Uint8Array;
  wrappedEphemeral: Uint8Array;
  at: Date;
}): BinaryNode {
  return {
    tag: 'notification',
    attrs: {
      from: SERVER_JID,
      type: 'link_code_companion_reg',
      id: hello.id,
      t: unixTime(hello.at),
    },
    content: [
      {
        tag: 'link_code_companion_reg',
        attrs: { stage: 'primary_hello' },
        content: [
          bytesNode('link_code_pairing_wrapped_primary_ephemeral_pub', hello.wrappedEphemeral),
          bytesNode('primary_identity_pub', hello.identityPublic),
          bytesNode('link_code_pairing_ref', Buffer.from(hello.ref)),
        ],
      },
    ],
  };
}
