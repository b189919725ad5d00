import { by, type CallRow, get } from './build-call.ts';

/** A call that the homes answer differently by now, with both statuses and the reason. */
type Difference = {
  readonly name: string;
  readonly toCall: CallRow[1];
  readonly local: number;
  readonly deployed: number;
  readonly why: string;
};

/** Who removes a difference moves its call up, among the others. */
export const DIFFERENCES: readonly Difference[] = [
  {
    name: 'two slashes at the beginning',
    toCall: () => get('//healthz'),
    local: 404,
    deployed: 200,
    why: 'MiniStack reads them as one, and says that AWS does.',
  },
  {
    name: 'an escaped slash in a parameter',
    toCall: ({ token }) => get('/whatsapp/message/a%2Fb', by(token)),
    local: 404,
    deployed: 404,
    why: 'The local gateway unescapes after it has split the path, MiniStack before, as the rawPath of AWS suggests.',
  },
  {
    name: 'an escape that is no UTF-8',
    toCall: ({ token }) => get('/whatsapp/message/%E0%A4%A', by(token)),
    local: 404,
    deployed: 404,
    why: 'MiniStack puts a mark in its place; nobody has asked AWS.',
  },
  {
    name: 'a preflight while no origin is allowed',
    toCall: () => ({ method: 'OPTIONS', path: '/whatsapp' }),
    local: 405,
    deployed: 403,
    why: 'MiniStack answers every OPTIONS itself; AWS does so only when origins are allowed.',
  },
];
