import { proto } from '@whiskeysockets/baileys';
import { describe, expect, it } from 'vitest';
import { toWire } from '#runner/whatsapp/to-wire.ts';
import { toWireMessage } from '#shared/domain/wire-message.ts';
import { ALL_CONTENTS } from '../../shared/domain/all-contents.ts';

describe('toWire', () => {
  it.each(ALL_CONTENTS)(
    'loses nothing of the JSON on the wire: $content.kind',
    ({ content, upload }) => {
      const encode = () => proto.Message.encode(toWire(content, upload)).finish();
      const bytes = encode();
      expect(encode()).toEqual(bytes);
      const decoded = proto.Message.toObject(proto.Message.decode(bytes), {
        bytes: String,
        longs: String,
        enums: String,
      });
      expect(decoded).toEqual(toWireMessage(content, upload));
    },
  );
});
