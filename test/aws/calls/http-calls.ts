import { type CallRow, get } from './build-call.ts';

/** Of routes, methods and paths. */
export const HTTP_CALLS: readonly CallRow[] = [
  ['health', () => get('/healthz')],
  ['health with a slash at its end', () => get('/healthz/')],
  ['health with a query', () => get('/healthz?a=1&a=2&b')],
  ['a route that is not there', () => get('/nowhere')],
  ['the root', () => get('/')],
  ['a method that is not there', () => ({ method: 'PATCH', path: '/healthz' })],
  ['a HEAD', () => ({ method: 'HEAD', path: '/healthz' })],
  ['a HEAD of nothing', () => ({ method: 'HEAD', path: '/nowhere' })],
  ['a route in capitals', () => get('/HEALTHZ')],
];
