import { proto, type WAMessage } from '@whiskeysockets/baileys';

/** A WhatsApp message as plain JSON: bytes in base64, long numbers as text. */
export function toRaw(message: WAMessage): unknown {
  const { key, messageTimestamp, pushName } = message;
  const wire = message.message ? proto.Message.fromObject(message.message) : undefined;
  return JSON.parse(
    JSON.stringify({
      key,
      messageTimestamp: String(messageTimestamp),
      ...(pushName && { pushName }),
      message:
        wire && proto.Message.toObject(wire, { bytes: String, longs: String, enums: String }),
    }),
  );
}
