import * as z from 'zod';
import { LIVE_EVENTS, WebhookEventName } from './event-name.ts';
import { listInText } from './list-in-text.ts';

const ALL: readonly WebhookEventName[] = WebhookEventName.options;
/** More names than there are events can only be repeats. */
const NAMES_MAX = 100;

/** `onMessage`, `message` and `Message` all name the event `onMessage`. */
function parseEventName(text: string): WebhookEventName | undefined {
  const bare = withoutOn(text.trim());
  return ALL.find((name) => withoutOn(name) === bare);
}

function withoutOn(name: string): string {
  return name.replace(/^on(?=[A-Z])/, '').toLowerCase();
}

const EventName = z.string().transform((text, context) => {
  const name = parseEventName(text);
  if (name) return name;
  context.addIssue(`must be one of ${ALL.join(', ')}`);
  return z.NEVER;
});

/**
 * The events that a caller asks for, each once: a list of names with or without `on`, one text with commas
 * or with the list as JSON, or `all` (alone or in the list): all that may be raised.
 */
export const RequestedEvents = z.preprocess(
  toNames,
  z
    .array(EventName, 'must be a list of event names, or "all"')
    .min(1, 'must name at least one event')
    .max(NAMES_MAX)
    .transform((names) => ALL.filter((name) => names.includes(name))),
);

function toNames(value: unknown): unknown {
  const given = listInText(value);
  const names = typeof given === 'string' ? given.split(',') : given;
  if (!Array.isArray(names)) return names;
  return names.some((name) => name === 'all') ? [...LIVE_EVENTS] : names;
}
