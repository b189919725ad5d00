import { type CallRow, get } from './build-call.ts';

/** Of the description of the API. */
export const DOCS_CALLS: readonly CallRow[] = [
  ['the document', () => get('/openapi.json')],
  ['the page of the document', () => get('/docs')],
  ['a file of the page', () => get('/docs/swagger-ui.css')],
  ['a file of the page, packed', () => get('/docs/swagger-ui.css', { 'accept-encoding': 'br' })],
  ['an image of the page', () => get('/docs/favicon-32x32.png')],
  ['a file that is none of the page', () => get('/docs/handler.mjs')],
];
