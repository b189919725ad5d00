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
    expect(wantsEvent(endpoint, 'onAck')).toBe(true);
    expect(wantsEvent(endpoint, 'onMessage')).toBe(false);
    expect(wantsEvent({ ...endpoint, state: 'DISABLED' }, 'onAck')).toBe(false);
    expect(wantsEvent(undefined, 'onAck')).toBe(false);
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
