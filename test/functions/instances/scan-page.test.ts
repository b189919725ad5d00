import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { scanPage } from '#functions/instances/scan-page.ts';

const PAGE_URL = 'https://api.example.com/whatsapp/scan?session_id=s&access_token=t';

type Fetched = { status: number; json?: unknown };

/** The page's script with a browser's parts that it uses, played by hand. */
function openPage(answers: (url: URL) => Fetched) {
  const { content } = scanPage({ dataUrl: 'data:image/png;base64,AAAA', nonce: 'n' });
  const script = /<script nonce="n">(?<script>.*)<\/script>/s.exec(content)?.groups?.['script'];
  const classes = new Set<string>();
  const code = {
    src: '',
    classList: {
      add: (name: string) => classes.add(name),
      remove: (name: string) => classes.delete(name),
    },
  };
  const state = { textContent: '' };
  const fetched: URL[] = [];
  const timers: (() => Promise<void>)[] = [];
  runInNewContext(script ?? 'throw new Error("The page has no script.")', {
    URL,
    document: { getElementById: (id: string) => (id === 'code' ? code : state) },
    location: new URL(PAGE_URL),
    setTimeout: (look: () => Promise<void>) => timers.push(look),
    fetch: async (url: URL) => {
      fetched.push(url);
      const { status, json } = answers(url);
      return { status, json: async () => json };
    },
  });
  return {
    code,
    state,
    classes,
    fetched,
    /** Lets the time pass until the page has looked once; `false` when it looks no more. */
    async nextLook(): Promise<boolean> {
      await timers.shift()?.();
      return timers.length > 0;
    },
  };
}

describe('the scan page', () => {
  it('asks its own URL for the newest code, and shows it', async () => {
    const page = openPage(() => ({ status: 200, json: { data: { image: 'data:new' } } }));

    expect(await page.nextLook()).toBe(true);
    expect(page.fetched.map(String)).toEqual([`${PAGE_URL}&format=json`]);
    expect(page.code.src).toBe('data:new');
  });

  it('says that the phone is linked, and looks no more', async () => {
    const page = openPage(({ pathname }) =>
      pathname === '/whatsapp/instance'
        ? { status: 200, json: { data: { instance_data: { phone_connected: true } } } }
        : { status: 204 },
    );

    expect(await page.nextLook()).toBe(false);
    expect(page.state.textContent).toContain('Linked');
    expect(page.fetched[1]?.search).toBe('?session_id=s&access_token=t');
  });

  it('waits for a new code when one has gone', async () => {
    const page = openPage(({ pathname }) =>
      pathname === '/whatsapp/instance'
        ? { status: 200, json: { data: { instance_data: { phone_connected: false } } } }
        : { status: 204 },
    );

    expect(await page.nextLook()).toBe(true);
    expect(page.state.textContent).toContain('Waiting for a new code');
    expect(page.classes).toContain('gone');
  });

  it('looks no more when its credentials are refused, and goes on when the network is away', async () => {
    const refused = openPage(() => ({ status: 401 }));
    expect(await refused.nextLook()).toBe(false);

    const away = openPage(() => {
      throw new Error('no network');
    });
    expect(await away.nextLook()).toBe(true);
    expect(away.state.textContent).toContain('No connection');
  });
});
