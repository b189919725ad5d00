/** What an operation answers, before it takes API Gateway's form. Header names are lower case. */
export type Reply = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ReplyBody;
};

type ReplyBody =
  | { readonly kind: 'none' }
  | { readonly kind: 'json'; readonly json: unknown }
  | { readonly kind: 'text'; readonly text: string; readonly contentType: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly contentType: string };

type Headers = Readonly<Record<string, string>>;

/** 200 with the page's envelope. */
export function ok(message: string, data: unknown, headers: Headers = {}): Reply {
  return { status: 200, headers, body: { kind: 'json', json: { status: true, message, data } } };
}

/** 201 with the page's envelope. */
export function created(message: string, data: unknown): Reply {
  return { ...ok(message, data), status: 201 };
}

/** 202: it is on its way, and `data` is as far as it came. */
export function accepted(message: string, data: unknown): Reply {
  return { ...ok(message, data), status: 202 };
}

export function noContent(): Reply {
  return { status: 204, headers: {}, body: { kind: 'none' } };
}

/** 302: what is asked for is there, and this address may be asked by anybody. */
export function found(location: string): Reply {
  return { status: 302, headers: { location }, body: { kind: 'none' } };
}

export function text(content: string): Reply {
  return textual(content, 'text/plain; charset=utf-8');
}

/** `csp` is the page's Content-Security-Policy. */
export function html(content: string, csp: string): Reply {
  const reply = textual(content, 'text/html; charset=utf-8');
  return { ...reply, headers: { 'content-security-policy': csp } };
}

/** Bytes of another kind, as they are. */
export function bytes(content: Uint8Array, contentType: string, headers: Headers): Reply {
  return { status: 200, headers, body: { kind: 'bytes', bytes: content, contentType } };
}

export function png(bytes: Uint8Array): Reply {
  return { status: 200, headers: {}, body: { kind: 'bytes', bytes, contentType: 'image/png' } };
}

function textual(content: string, contentType: string): Reply {
  return { status: 200, headers: {}, body: { kind: 'text', text: content, contentType } };
}
