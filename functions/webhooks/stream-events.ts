import { DomainError } from '#shared/domain/error.ts';
import { defineRoute } from '../http/define-route.ts';
import { EventsQuery } from './list-events.ts';

/** A stream is held by the gateway of one machine, before a call comes here: a Lambda has no connection to hold. */
export const streamEvents = defineRoute({
  auth: 'instance',
  query: EventsQuery,
  async run() {
    throw new DomainError(
      'not_available',
      'This installation has no streams: poll GET /whatsapp/events with wait=20, which tells of events as soon.',
    );
  },
});
