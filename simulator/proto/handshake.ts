import { defineMessage } from './codec.ts';
import { type Fields, nested, scalar } from './field.ts';

// The field numbers are WhatsApp's public wire format, as in Baileys' WAProto.proto.

const ClientHello = defineMessage('ClientHello', { ephemeral: scalar(1, 'bytes') });
const ServerHello = defineMessage('ServerHello', {
  ephemeral: scalar(1, 'bytes'),
  static: scalar(2, 'bytes'),
  payload: scalar(3, 'bytes'),
});
const ClientFinish = defineMessage('ClientFinish', {
  static: scalar(1, 'bytes'),
  payload: scalar(2, 'bytes'),
});

const handshakeFields = {
  clientHello: nested(2, () => ClientHello),
  serverHello: nested(3, () => ServerHello),
  clientFinish: nested(4, () => ClientFinish),
};
/** The three messages of the Noise handshake. */
export type HandshakeMessage = Fields<typeof handshakeFields>;
export const HandshakeMessage = defineMessage('HandshakeMessage', handshakeFields);

const certificateFields = { details: scalar(1, 'bytes'), signature: scalar(2, 'bytes') };
const NoiseCertificate = defineMessage('NoiseCertificate', certificateFields);

const detailsFields = {
  serial: scalar(1, 'uint32'),
  issuerSerial: scalar(2, 'uint32'),
  key: scalar(3, 'bytes'),
  notBefore: scalar(4, 'uint64'),
  notAfter: scalar(5, 'uint64'),
};
/** What a link of the chain certifies. */
export type NoiseCertificateDetails = Fields<typeof detailsFields>;
export const NoiseCertificateDetails = defineMessage('NoiseCertificateDetails', detailsFields);

const chainFields = {
  leaf: nested(1, () => NoiseCertificate),
  intermediate: nested(2, () => NoiseCertificate),
};
/** The payload of the server's hello. */
export type CertChain = Fields<typeof chainFields>;
export const CertChain = defineMessage('CertChain', chainFields);

const pairingFields = {
  eRegid: scalar(1, 'bytes'),
  eKeytype: scalar(2, 'bytes'),
  eIdent: scalar(3, 'bytes'),
  eSkeyId: scalar(4, 'bytes'),
  eSkeyVal: scalar(5, 'bytes'),
  eSkeySig: scalar(6, 'bytes'),
  buildHash: scalar(7, 'bytes'),
  deviceProps: scalar(8, 'bytes'),
};
/** The Signal keys with which a new companion device registers. */
export type DevicePairingData = Fields<typeof pairingFields>;
export const DevicePairingData = defineMessage('DevicePairingData', pairingFields);

const clientPayloadFields = {
  username: scalar(1, 'uint64'),
  passive: scalar(3, 'bool'),
  pushName: scalar(7, 'string'),
  device: scalar(18, 'uint32'),
  devicePairingData: nested(19, () => DevicePairingData),
  pull: scalar(33, 'bool'),
  lidDbMigrated: scalar(41, 'bool'),
};
/** Who connects: `devicePairingData` to register, else `username` and `device` to log in. */
export type ClientPayload = Fields<typeof clientPayloadFields>;
export const ClientPayload = defineMessage('ClientPayload', clientPayloadFields);

const devicePropsFields = {
  os: scalar(1, 'string'),
  platformType: scalar(3, 'uint32'),
  requireFullSync: scalar(4, 'bool'),
};
/** How a companion wants to be shown in the phone's list of linked devices. */
export type DeviceProps = Fields<typeof devicePropsFields>;
export const DeviceProps = defineMessage('DeviceProps', devicePropsFields);
