import { withoutTypeByte } from '#simulator/signal/keys.ts';
import type { PreKeyBundle } from '#simulator/signal/session.ts';
import { type BinaryNode, bytesOf, childOf } from '#simulator/wire/binary-node.ts';
import { WireError } from '#simulator/wire/wire-error.ts';

import { bytesNode, uintNode } from './stanzas.ts';

const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const KEY_ID_BYTES = 3;
const REGISTRATION_BYTES = 4;
/** The only key type: Curve25519 (Baileys Defaults: KEY_BUNDLE_TYPE). */
const KEY_TYPE = Buffer.of(5);

type SignedPreKey = PreKeyBundle['signedPreKey'];
type PreKey = NonNullable<PreKeyBundle['preKey']>;

export function registrationNode(registrationId: number): BinaryNode {
  return uintNode('registration', registrationId, REGISTRATION_BYTES);
}

/** The nodes with which anyone can start a session: type, identity, skey and perhaps key. */
export function bundleNodes({ identityKey, signedPreKey, preKey }: PreKeyBundle): BinaryNode[] {
  return [
    bytesNode('type', KEY_TYPE),
    bytesNode('identity', withoutTypeByte(identityKey)),
    {
      tag: 'skey',
      attrs: {},
      content: [
        uintNode('id', signedPreKey.id, KEY_ID_BYTES),
        bytesNode('value', withoutTypeByte(signedPreKey.publicKey)),
        bytesNode('signature', signedPreKey.signature),
      ],
    },
    ...(preKey ? [preKeyNode(preKey)] : []),
  ];
}

/** Reads a `<registration>`. Throws WireError. */
function readRegistration(parent: BinaryNode): number {
  return readBytes(parent, 'registration', REGISTRATION_BYTES).readUInt32BE();
}

/** Reads an `<identity>`. Throws WireError. */
export function readIdentity(parent: BinaryNode): Buffer {
  return readBytes(parent, 'identity', KEY_BYTES);
}

/** Reads a `<key>`. Throws WireError. */
export function readPreKey(key: BinaryNode): PreKey {
  return {
    id: readBytes(key, 'id', KEY_ID_BYTES).readUIntBE(0, KEY_ID_BYTES),
    publicKey: readBytes(key, 'value', KEY_BYTES),
  };
}

/** Reads the `<skey>` in this node. Throws WireError. */
export function readSignedPreKey(parent: BinaryNode): SignedPreKey {
  const skey = childOf(parent, 'skey');
  if (!skey) throw new WireError('The signed pre-key is missing.');
  return { ...readPreKey(skey), signature: readBytes(skey, 'signature', SIGNATURE_BYTES) };
}

/** The bundle that a retry receipt brings; Baileys leaves it out at its first retry. */
export function readRetryBundle(receipt: BinaryNode): PreKeyBundle | undefined {
  const keys = childOf(receipt, 'keys');
  if (!keys) return undefined;
  const key = childOf(keys, 'key');
  return {
    registrationId: readRegistration(receipt),
    identityKey: readIdentity(keys),
    signedPreKey: readSignedPreKey(keys),
    ...(key ? { preKey: readPreKey(key) } : {}),
  };
}

function preKeyNode({ id, publicKey }: PreKey): BinaryNode {
  return {
    tag: 'key',
    attrs: {},
    content: [uintNode('id', id, KEY_ID_BYTES), bytesNode('value', withoutTypeByte(publicKey))],
  };
}

function readBytes(parent: BinaryNode, tag: string, length: number): Buffer {
  const bytes = bytesOf(childOf(parent, tag));
  if (bytes.length !== length) throw new WireError(`<${tag}> must have ${length} bytes.`);
  return bytes;
}
