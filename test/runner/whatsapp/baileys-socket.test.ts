import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { LogOvertaken } from '#runner/journal/auth-log.ts';
import { AuthState } from '#runner/journal/auth-state.ts';
import type { OutgoingMessage } from '#runner/session/outgoing-message.ts';
import { TcpProxy } from '../../chaos/tcp-proxy.ts';
import { silenceLibsignal } from '../../silence-libsignal.ts';
import {
  call,
  messagesOf,
  sendFromPhone,
  statsOf,
} from '../../simulator/end-to-end/control-client.ts';
import { until } from '../../until.ts';
import { OTHER_PHONE, OWN_PHONE, onSimulatedNetwork } from './linked-socket.ts';

silenceLibsignal();

/** Baileys gives a silent line up at the second. */
const TWO_KEEP_ALIVES_MS = 30_000;

const aText = (n: number): OutgoingMessage => ({
  waId: `3EB0${String(n).padStart(18, '0')}`,
  to: { kind: 'phone', phone: OTHER_PHONE },
  content: { kind: 'text', text: `text ${n}` },
  at: new Date('2026-11-22T12:00:00Z'),
});

/** A line to the simulated WhatsApp that can be cut. */
async function openLine(simulatorUrl: string): Promise<{ line: TcpProxy; url: string }> {
  const line = await TcpProxy.open({ targetPort: Number(new URL(simulatorUrl).port) });
  onTestFinished(async () => await line.close());
  return { line, url: `ws://127.0.0.1:${line.port}/ws/chat` };
}

describe('BaileysSocket', () => {
  it('is linked by a phone that scans its code, starts anew and is open', async () => {
    const network = await onSimulatedNetwork();
    const { socket, first } = await network.link();
    expect(first).toMatchObject({ isLinked: true, isOpen: false, reason: 'restart_required' });
    expect(socket.isOpen).toBe(true);
  });

  it('sends, and hears the ack and the receipts', async () => {
    const network = await onSimulatedNetwork();
    const { socket, heard } = await network.link();
    await socket.send(aText(1));
    await until('it is delivered', () => heard.receipts.length > 0);
    expect(heard.acks).toEqual([{ waId: aText(1).waId }]);
    expect(heard.receipts).toContainEqual({ waIds: [aText(1).waId], state: 'DELIVERED' });
    expect(await messagesOf(network.simulator, OTHER_PHONE)).toMatchObject([
      { id: aText(1).waId, text: 'text 1', copies: 1 },
    ]);
  });

  it('sends nothing when what it had to ask took too long to be answered', async () => {
    const network = await onSimulatedNetwork();
    const { socket: first, auth } = await network.link();
    await first.close('stopped');
    let stepMs = 0;
    let clockMs = Date.now();
    const { socket } = network.connect(auth, () => {
      clockMs += stepMs;
      return new Date(clockMs);
    });
    await until('it is open', () => socket.isOpen);
    stepMs = 20_000;

    await expect(socket.send(aText(1))).rejects.toThrow('WhatsApp did not answer.');
    expect(await socket.closed).toBe('connection_lost');
    expect(await messagesOf(network.simulator, OTHER_PHONE)).toEqual([]);
  });

  it('closes soon on a line that has gone silent', async () => {
    const network = await onSimulatedNetwork();
    const { socket } = await network.link();
    await call(network.simulator, 'POST', '/faults', { number: OWN_PHONE, kind: 'stall' });
    let reason: string | undefined;
    void socket.close('ack_timeout').then(async () => {
      reason = await socket.closed;
    });
    await until('it is closed', () => reason !== undefined);
    expect(reason).toBe('ack_timeout');
  });

  it('passes a message on, and again on the next socket until it was dealt with', async () => {
    const network = await onSimulatedNetwork();
    const { socket, heard, auth } = await network.link();
    await sendFromPhone(network.simulator, OTHER_PHONE, { to: OWN_PHONE, text: 'hello' });
    await until('it came', () => heard.messages.length === 1);
    expect(heard.messages[0]?.message).toMatchObject({
      chat: { kind: 'phone', phone: OTHER_PHONE },
      ownPhone: OWN_PHONE,
      fromMe: false,
      content: { kind: 'chat', text: 'hello' },
    });
    await socket.close('stopped');

    const restarted = await AuthState.open(network.openLog());
    const again = network.connect(restarted);
    expect(again.heard.messages.map(({ message }) => message.content.text)).toEqual(['hello']);
    again.heard.messages[0]?.done();
    await until('it is logged in', () => again.socket.isOpen);
    await again.socket.close('stopped');
    await restarted.flush();

    const third = network.connect(await AuthState.open(network.openLog()));
    await until('it is logged in', () => third.socket.isOpen);
    expect(third.heard.messages).toEqual([]);
    expect(auth.isDead).toBe(false);
  });

  it('knows what was sent while it was away, and passes all on as it came', async () => {
    const network = await onSimulatedNetwork();
    const { socket, auth } = await network.link();
    await socket.close('stopped');
    await auth.flush();
    const texts = Array.from({ length: 8 }, (_, n) => `while away ${n}`);
    for (const text of texts) {
      await sendFromPhone(network.simulator, OTHER_PHONE, { to: OWN_PHONE, text });
    }
    const { heard } = network.connect(auth);
    await until('all came', () => heard.messages.length === texts.length);
    expect(heard.messages.map(({ message }) => message.content.text)).toEqual(texts);
    expect(new Set(heard.messages.map(({ message }) => message.backlog))).toEqual(new Set([true]));
  });

  it('tells why it was closed', async () => {
    const network = await onSimulatedNetwork();
    const { socket } = await network.link();
    await call(network.simulator, 'POST', '/faults', { number: OWN_PHONE, kind: 'replaced' });
    expect(await socket.closed).toBe('replaced');
    expect(socket.isOpen).toBe(false);
  });

  it('loses its connection, linked or not, when the network is gone', async () => {
    const network = await onSimulatedNetwork();
    const waiting = network.connect(await AuthState.open(network.openLog()));
    await until('there is a code', () => waiting.heard.codes.length > 0);
    await network.simulator.close();
    expect(await waiting.socket.closed).toBe('connection_lost');
    const { socket } = network.connect(await AuthState.open(network.openLog()));
    expect(await socket.closed).toBe('connection_lost');
  });

  it('gives a pairing code when it waits to be linked', async () => {
    const network = await onSimulatedNetwork();
    const { socket } = network.connect(await AuthState.open(network.openLog()));
    expect(await socket.requestPairingCode(OWN_PHONE)).toMatch(/^[A-Z0-9]{8}$/);
  });

  it('gives none when it is closed before', async () => {
    const network = await onSimulatedNetwork();
    const { socket } = network.connect(await AuthState.open(network.openLog()));
    const code = expect(socket.requestPairingCode(OWN_PHONE)).rejects.toThrow('stopped');
    await socket.close('stopped');
    await code;
  });

  it('takes itself off the account', async () => {
    const network = await onSimulatedNetwork();
    const { socket } = await network.link();
    await socket.logout();
    expect(await socket.closed).toBe('logged_out');
    const phone = await call<{ devices: unknown[] }>(
      network.simulator,
      'GET',
      `/phones/${OWN_PHONE}`,
    );
    expect(phone.devices).toEqual([]);
  });
});

describe('BaileysSocket, in trouble', () => {
  it('is not open from the moment on in which it is being closed', async () => {
    const network = await onSimulatedNetwork();
    const { socket } = await network.link();
    const closing = socket.close('ack_timeout');
    expect(socket.isOpen).toBe(false);
    await closing;
    expect(await socket.closed).toBe('ack_timeout');
  });

  it.each([
    ['storage_failed', new Error('the disk is full')],
    ['overtaken', new LogOvertaken(7)],
  ] as const)(
    'closes with %s when a step could not be written, and is open for no other send',
    async (reason, error) => {
      const network = await onSimulatedNetwork();
      const { socket, log } = await network.link();
      await socket.send(aText(1));
      log.refuse(error);
      await expect(socket.send(aText(2))).rejects.toThrow();
      expect(socket.isOpen).toBe(false);
      await until(
        'it is closed',
        async () => (await Promise.race([socket.closed, 'open'])) !== 'open',
      );
      expect(await socket.closed).toBe(reason);
      const texts = (await messagesOf(network.simulator, OTHER_PHONE)).map(({ text }) => text);
      expect(texts).toEqual(['text 1']);
    },
  );

  it('is not open either while Baileys hangs up by itself', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const network = await onSimulatedNetwork();
    const { socket: first, auth } = await network.link();
    await first.close('stopped');
    const { line, url } = await openLine(network.simulator.url);
    const { socket } = network.connect(auth, undefined, { url, hurry: 4 });
    await until('it is open', () => socket.isOpen);
    await socket.send(aText(1));
    line.fault = { kind: 'blackhole', direction: 'both' };
    vi.advanceTimersByTime(TWO_KEEP_ALIVES_MS);

    await expect(socket.send(aText(2))).rejects.toThrow('Connection Closed');
    expect(socket.isOpen).toBe(false);
    expect(await socket.closed).toBe('connection_lost');
  });

  it('says nothing behind a newer login, when its line was cut as it closed and comes back', async () => {
    const network = await onSimulatedNetwork();
    const { socket: first, auth } = await network.link();
    await first.close('stopped');
    const { line, url } = await openLine(network.simulator.url);
    const { socket: cutOff } = network.connect(auth, undefined, { url });
    await until('it is open', () => cutOff.isOpen);
    const isShown = async (text: string) =>
      (await messagesOf(network.simulator, OTHER_PHONE)).some((message) => message.text === text);
    await cutOff.send(aText(1));
    await until('it has arrived', async () => await isShown('text 1'));
    line.fault = { kind: 'blackhole', direction: 'both' };
    await cutOff.send(aText(2));
    await cutOff.close('stopped');
    const { socket: newer } = network.connect(auth);
    await until('the newer one is open', () => newer.isOpen);

    line.fault = undefined;
    const stats = async () => await statsOf(network.simulator);
    await until('the older one is gone', async () => (await stats()).sockets === 1);
    expect((await stats()).violations.evictedFrames).toBe(0);
    await newer.send(aText(2));
    await until('it has arrived', async () => await isShown('text 2'));
  });

  it('closes when what came in could not be written', async () => {
    const network = await onSimulatedNetwork();
    const { socket, log, heard } = await network.link();
    log.refuse(new Error('the disk is full'));
    await sendFromPhone(network.simulator, OTHER_PHONE, { to: OWN_PHONE, text: 'hello' });
    await until(
      'it is closed',
      async () => (await Promise.race([socket.closed, 'open'])) !== 'open',
    );
    expect(await socket.closed).toBe('storage_failed');
    expect(heard.messages).toEqual([]);
  });
});
