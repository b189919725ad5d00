import { describe, expect, it } from 'vitest';
import { Acknowledgements } from '#runner/outbound/acknowledgements.ts';
import { textInstead } from '#runner/outbound/native-fallback.ts';
import type { Message } from '#shared/domain/message.ts';
import type { MessageContent } from '#shared/domain/message-content.ts';
import { until } from '../../until.ts';
import { aMessage, aPicture } from '../records.ts';
import { ScriptedSocket } from '../scripted-socket.ts';
import { silentLog } from '../silent-log.ts';
import { instance, outboxAtWork } from './outbox-at-work.ts';

const native = { body: 'Tea?', buttons: [{ name: 'quick_reply', params: '{"id":"yes"}' }] };
const choices = [{ id: 'yes', title: 'Yes' }];
const BUTTONS: MessageContent = { kind: 'text', text: 'Tea?\n\n1. Yes', choices, native };

describe('textInstead', () => {
  it.each(['405', '479'])('has the text of buttons that were refused with %s', (code) => {
    const message = aMessage(instance, 1, { content: BUTTONS });
    const instead = textInstead(message, code);
    expect(instead?.content).toEqual({ kind: 'text', text: 'Tea?\n\n1. Yes', choices });
    expect(instead?.waId).toMatch(/^3EB0[0-9A-F]{18}$/);
    expect(instead?.waId).not.toBe(message.waId);
    expect(textInstead(message, code)).toEqual(instead);
  });

  it('keeps the file of buttons with one', () => {
    const content = aPicture({ native });
    const instead = textInstead(aMessage(instance, 1, { content }), '479');
    expect(instead?.content).toEqual(aPicture());
  });

  it('has nothing for other refusals, nor for what is no button', () => {
    expect(textInstead(aMessage(instance, 1, { content: BUTTONS }), '463')).toBeUndefined();
    expect(textInstead(aMessage(instance, 1), '479')).toBeUndefined();
  });
});

describe('Acknowledgements, of buttons', () => {
  async function buttonsSent() {
    const work = await outboxAtWork();
    const message = await work.acceptOne({ content: BUTTONS });
    const socket = new ScriptedSocket();
    const advanced: Message[] = [];
    const acknowledgements = new Acknowledgements(instance.instanceId, {
      messages: work.messages,
      outbox: work.worker,
      onAdvanced: async (next) => void advanced.push(next),
      now: work.clock.now,
      sleep: async () => undefined,
      metrics: work.metrics,
      log: silentLog,
    });
    work.attach(socket);
    await until('it is sent', () => socket.sent.length === 1);
    await work.worker.idle();
    return { ...work, message, socket, advanced, acknowledgements };
  }

  it('sends them as text under another id when WhatsApp refuses them, and tells of no failure', async () => {
    const work = await buttonsSent();
    work.acknowledgements.onAck({ waId: work.message.waId, error: '479' });
    await until('the text is sent', () => work.socket.sent.length === 2);
    const [, text] = work.socket.sent;
    expect(text?.content).toEqual({ kind: 'text', text: 'Tea?\n\n1. Yes', choices });
    expect(work.advanced).toEqual([]);
    work.acknowledgements.onAck({ waId: text?.waId ?? '' });
    await work.acknowledgements.idle();
    expect(work.advanced).toMatchObject([{ messageId: work.message.messageId, state: 'SENT' }]);
    expect(await work.waiting()).toEqual([]);
    expect(work.metrics.valuesOf('MessagesEnded')).toEqual([1]);
  });

  it('takes a late word on the buttons for none on the text', async () => {
    const work = await buttonsSent();
    work.acknowledgements.onAck({ waId: work.message.waId, error: '479' });
    work.acknowledgements.onAck({ waId: work.message.waId, error: '479' });
    await until('the text is sent', () => work.socket.sent.length === 2);
    await work.acknowledgements.idle();
    expect(work.advanced).toEqual([]);
    expect(await work.stateOf(work.message)).toBe('SENDING');
  });

  it('fails them when the refusal is of another kind, or the text is refused too', async () => {
    const work = await buttonsSent();
    work.acknowledgements.onAck({ waId: work.message.waId, error: '479' });
    await until('the text is sent', () => work.socket.sent.length === 2);
    work.acknowledgements.onAck({ waId: work.socket.sentIds[1] ?? '', error: '479' });
    await work.acknowledgements.idle();
    expect(work.advanced).toMatchObject([{ state: 'FAILED', failure: { code: '479' } }]);

    const other = await buttonsSent();
    other.acknowledgements.onAck({ waId: other.message.waId, error: '463' });
    await other.acknowledgements.idle();
    expect(other.advanced).toMatchObject([{ state: 'FAILED', failure: { code: '463' } }]);
    expect(other.socket.sent).toHaveLength(1);
  });
});
