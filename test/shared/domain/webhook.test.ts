import { describe, expect, it } from 'vitest';
import { DEAD_EVENTS, LIVE_EVENTS, WebhookEventName } from '#shared/domain/event-name.ts';
import { RequestedEvents } from '#shared/domain/requested-events.ts';
import { type WebhookEndpoint, wantsEvent } from '#shared/domain/webhook.ts';

const endpoint: WebhookEndpoint = {
  accountId: '0'.repeat(24),
  instanceId: '1'.repeat(24),
  endpointId: 'main',
  url: 'https://example.com/',
  events: ['onAck'],
  state: 'ACTIVE',
  secret: 'whsec_x',
  createdAt: '2026-11-22T10:00:00.000Z',
  updatedAt: '2026-11-22T10:00:00.000Z',
};

describe('wantsEvent', () => {
  it('is true for an event that was asked for, while the endpoint is active', () => {
    expect(wantsEvent(endpoint, { event: 'onAck' })).toBe(true);
    expect(wantsEvent(endpoint, { event: 'onMessage' })).toBe(false);
    expect(wantsEvent({ ...endpoint, state: 'FAILING' }, { event: 'onAck' })).toBe(true);
    expect(wantsEvent({ ...endpoint, state: 'DISABLED' }, { event: 'onAck' })).toBe(false);
  });

  const chats = ['1@c.us', '2@g.us'];
  it.each([
    ['a chat that is named', { chats }, { chatId: '1@c.us' }, true],
    ['a chat that is not', { chats }, { chatId: '3@c.us' }, false],
    ['a group where groups are meant', { groups: true }, { chatId: '9@g.us' }, true],
    ['a person where groups are meant', { groups: true }, { chatId: '9@c.us' }, false],
    ['a group where people are meant', { groups: false }, { chatId: '9@g.us' }, false],
    ['a message of ours', { fromMe: true }, { chatId: '1@c.us', fromMe: true }, true],
    ['a message of theirs', { fromMe: true }, { chatId: '1@c.us', fromMe: false }, false],
    ['an event of a chat that is no message', { fromMe: true }, { chatId: '1@c.us' }, true],
    ['an event of no chat', { chats, groups: true, fromMe: true }, {}, true],
    ['all that is asked at once', { chats, groups: true }, { chatId: '1@c.us' }, false],
  ])('looks through filters at %s', (_name, filters, scope, isWanted) => {
    expect(wantsEvent({ ...endpoint, filters }, { event: 'onAck', ...scope })).toBe(isWanted);
  });
});

describe('RequestedEvents', () => {
  const all = WebhookEventName.options;

  it('takes each name with and without on, in any case of its letters after it', () => {
    for (const name of all) {
      const bare = name.slice(2);
      for (const text of [name, bare, bare.toLowerCase(), ` ${name} `]) {
        expect(RequestedEvents.parse([text])).toEqual([name]);
      }
    }
  });

  it('does not take a prefix for a name', () => {
    for (const text of ['on', '', 'onl', 'onOnMessage', 'essage', 'ALL']) {
      expect(RequestedEvents.safeParse([text]).success).toBe(false);
    }
  });

  it('gives each event once, in their order', () => {
    expect(RequestedEvents.parse('onAck, message,onAck')).toEqual(['onMessage', 'onAck']);
    expect(RequestedEvents.parse('all')).toEqual(LIVE_EVENTS);
    expect(RequestedEvents.parse(['onAck', 'all'])).toEqual(LIVE_EVENTS);
  });

  it('takes a name that is raised no more, by its name alone', () => {
    const dead = Object.keys(DEAD_EVENTS);
    expect(RequestedEvents.parse(dead)).toEqual(dead);
    expect([...LIVE_EVENTS, ...dead].toSorted()).toEqual([...all].toSorted());
  });
});
