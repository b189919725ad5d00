import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { basename, extname } from 'node:path';

/** A request as curl would make it of a command line. */
export type CurlRequest = {
  readonly method: string;
  /** Without a host, as the page has it. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};

export type CurlAnswer = { readonly status: number; readonly body: unknown };

type Options = {
  method?: string;
  target?: string;
  readonly headers: Record<string, string>;
  readonly data: string[];
  readonly forms: string[];
};

/** Reads the command. Throws for an option that it does not know. */
export async function readCurl(command: string): Promise<CurlRequest> {
  const [program, ...words] = splitWords(command);
  if (program !== 'curl') throw new Error(`Not a curl: ${command}`);
  const options = readOptions(words);
  const { target, headers, data, forms } = options;
  if (target === undefined) throw new Error(`No URL: ${command}`);
  const content = forms.length > 0 ? await toMultipart(forms) : toForm(data);
  const method = options.method ?? (content ? 'POST' : 'GET');
  return {
    method,
    target,
    headers: {
      'user-agent': 'curl/8.5.0',
      accept: '*/*',
      ...(content && { 'content-type': content.type }),
      ...headers,
    },
    body: content?.bytes ?? Buffer.alloc(0),
  };
}

/** Makes the request, a GET with a body too. JSON is parsed; `undefined` is an empty answer. */
export async function runCurl(origin: string, curl: CurlRequest): Promise<CurlAnswer> {
  const { method, target, headers, body } = curl;
  const length = body.length > 0 ? { 'content-length': String(body.length) } : {};
  return await new Promise((resolve, reject) => {
    const call = request(`${origin}${target}`, { method, headers: { ...headers, ...length } });
    call.once('error', reject);
    call.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const isJson = response.headers['content-type']?.includes('json') === true;
        const parsed = isJson ? JSON.parse(text) : text;
        resolve({ status: response.statusCode ?? 0, body: text === '' ? undefined : parsed });
      });
    });
    call.end(body.length > 0 ? body : undefined);
  });
}

/** As a shell does: quotes hold words together, a backslash at the end of a line holds lines together. */
function splitWords(command: string): string[] {
  const joined = command.replaceAll('\\\n', ' ');
  const words = joined.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g);
  return [...words].map(([, single, double, bare]) => single ?? double ?? bare ?? '');
}

function readOptions(words: string[]): Options {
  const options: Options = { headers: {}, data: [], forms: [] };
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--location') continue;
    if (!word.startsWith('-')) options.target = word;
    else takeOption(options, word, rest.shift() ?? '');
  }
  return options;
}

function takeOption(options: Options, name: string, value: string): void {
  switch (name) {
    case '--request':
      options.method = value;
      return;
    case '--header': {
      // "If you send the custom header with no-value then its header must be terminated with a semicolon" (curl(1)).
      const [, header = '', text = ''] = /^([^:;]+)[:;]\s*(.*)$/.exec(value) ?? [];
      options.headers[header.toLowerCase()] = text;
      return;
    }
    case '--data':
      options.data.push(value);
      return;
    case '--form':
      options.forms.push(value);
      return;
    default:
      throw new Error(`An option of curl that is not known: ${name}`);
  }
}

/** Several are joined by `&`; whatever it is, curl calls it a form. */
function toForm(data: readonly string[]) {
  if (data.length === 0) return undefined;
  return { type: 'application/x-www-form-urlencoded', bytes: Buffer.from(data.join('&')) };
}

async function toMultipart(forms: readonly string[]) {
  const boundary = `------------------------${randomBytes(11).toString('hex')}`;
  const parts = await Promise.all(forms.map(toPart));
  const bytes = parts.flatMap((part) => [
    Buffer.from(`--${boundary}\r\n`),
    part,
    Buffer.from('\r\n'),
  ]);
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    bytes: Buffer.concat([...bytes, Buffer.from(`--${boundary}--\r\n`)]),
  };
}

/** `name=content` or `name=@file`, of which curl drops the quotes. */
async function toPart(form: string): Promise<Buffer> {
  const [, name = '', at, content = ''] = /^([^=]+)=(@?)"?([\s\S]*?)"?$/.exec(form) ?? [];
  const disposition = `Content-Disposition: form-data; name="${name}"`;
  if (at !== '@') return Buffer.from(`${disposition}\r\n\r\n${content}`);
  const type = FILE_TYPES[extname(content).toLowerCase()] ?? 'application/octet-stream';
  const head = `${disposition}; filename="${basename(content)}"\r\nContent-Type: ${type}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), await readFile(content)]);
}

/** By which curl guesses (lib/mime.c, `Curl_mime_contenttype`). */
const FILE_TYPES: Readonly<Record<string, string>> = {
  '.gif': 'image/gif',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
  '.htm': 'text/html',
  '.html': 'text/html',
  '.pdf': 'application/pdf',
  '.xml': 'application/xml',
};
