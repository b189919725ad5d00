import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { Network } from '#simulator/network.ts';
import type { FrameCounter } from '#simulator/server/connection.ts';

/** What the handlers of the control API work with. */
export type ControlDeps = {
  readonly network: Network;
  readonly socketStats: () => { readonly sockets: number; readonly frames: Readonly<FrameCounter> };
};

/**
 * A request, read but not yet parsed. A body that is empty is `{}`. A route that takes bytes reads
 * them itself; `bytes` throws ControlError when they are too many or break off.
 */
type RouteRequest = {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly bytes: AsyncIterable<Buffer>;
};

/** JSON, or a stream of `size` bytes. */
export type RouteReply =
  | { readonly status: number; readonly json: unknown }
  | {
      readonly status: number;
      readonly bytes: Readable;
      readonly size: number;
      readonly contentType: string;
    };

/** One operation of the control API; `path` has its parameters as `:name`. */
export type Route = {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  /** 1 MiB unless stated. */
  readonly bodyBytesMax?: number;
  /** JSON unless stated. */
  readonly takes?: 'bytes';
  readonly run: (request: RouteRequest, deps: ControlDeps) => RouteReply | Promise<RouteReply>;
};

/** What a path and method lead to. */
export type RouteMatch =
  | { readonly kind: 'found'; readonly route: Route; readonly params: Record<string, string> }
  | { readonly kind: 'wrong_method'; readonly allowed: readonly string[] }
  | { readonly kind: 'unknown_path' };

export function ok(json: unknown): RouteReply {
  return { status: 200, json };
}

export function created(json: unknown): RouteReply {
  return { status: 201, json };
}

/** Finds the operation. */
export function matchRoute(routes: readonly Route[], method: string, path: string): RouteMatch {
  const allowed: string[] = [];
  for (const route of routes) {
    const params = matchPath(route.path, path);
    if (params && route.method === method) return { kind: 'found', route, params };
    if (params) allowed.push(route.method);
  }
  return allowed.length > 0 ? { kind: 'wrong_method', allowed } : { kind: 'unknown_path' };
}

/** Resolves when all is written; rejects when the receiver or the source breaks off. */
export async function sendReply(response: ServerResponse, reply: RouteReply): Promise<void> {
  if ('json' in reply) {
    const body = Buffer.from(JSON.stringify(reply.json));
    const contentType = 'application/json; charset=utf-8';
    response.writeHead(reply.status, {
      'content-type': contentType,
      'content-length': body.length,
    });
    response.end(body);
    return;
  }
  const { status, bytes, size, contentType } = reply;
  response.writeHead(status, { 'content-type': contentType, 'content-length': size });
  await pipeline(bytes, response);
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = value;
    else if (part !== value) return undefined;
  }
  return params;
}
