/** How often the page looks for a new code. WhatsApp changes it every 20 s, the first after 60 s. */
const REFRESH_DELAY_MS = 2_000;

/**
 * The page that shows the code and keeps it fresh, with its Content-Security-Policy: it loads nothing from
 * anywhere, and only the script of this answer may run. The script asks the page's own URL, credentials included.
 */
export function scanPage({ dataUrl, nonce }: { dataUrl: string; nonce: string }): {
  content: string;
  csp: string;
} {
  const content = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Link a phone</title>
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
<main>
<h1>Link a phone</h1>
<img id="code" alt="QR code to link a phone" width="320" height="320" src="${dataUrl}">
<p id="state" role="status">Waiting for the scan.</p>
<ol>
<li>Open WhatsApp on the phone.</li>
<li>Go to Settings, then Linked devices, and choose Link a device.</li>
<li>Point the phone at this code. It is renewed by itself.</li>
</ol>
</main>
<script nonce="${nonce}">${SCRIPT}</script>
</body>
</html>
`;
  const csp = [
    "default-src 'none'",
    'img-src data:',
    `style-src 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return { content, csp };
}

const STYLE = `
:root { color-scheme: light dark; font-family: system-ui, sans-serif; }
body { margin: 0; display: grid; place-items: center; min-height: 100vh; }
main { max-width: 22rem; padding: 1rem; text-align: center; }
h1 { font-size: 1.4rem; }
img { width: min(320px, 90vw); height: auto; image-rendering: pixelated; border-radius: 8px; background: #fff; }
img.gone { opacity: 0.1; }
#state { font-weight: 600; }
ol { text-align: left; line-height: 1.5; padding-left: 1.4rem; }
`;

const SCRIPT = `
const code = document.getElementById('code');
const state = document.getElementById('state');
const scanUrl = new URL(location.href);
scanUrl.searchParams.set('format', 'json');
const instanceUrl = new URL(location.pathname.replace(/scan\\/?$/, 'instance'), location.href);
for (const name of ['session_id', 'access_token']) {
  instanceUrl.searchParams.set(name, scanUrl.searchParams.get(name) ?? '');
}

async function look() {
  const scan = await fetch(scanUrl, { cache: 'no-store' });
  if (scan.status === 200) {
    const { data } = await scan.json();
    code.src = data.image;
    code.classList.remove('gone');
    state.textContent = 'Waiting for the scan.';
    return true;
  }
  code.classList.add('gone');
  if (scan.status !== 204) {
    state.textContent = 'This link is not valid any more.';
    return false;
  }
  const { data } = await (await fetch(instanceUrl, { cache: 'no-store' })).json();
  const isLinked = data?.instance_data.phone_connected === true;
  state.textContent = isLinked ? 'Linked. You may close this page.' : 'Waiting for a new code.';
  return !isLinked;
}

async function keepLooking() {
  let goOn = true;
  try {
    goOn = await look();
  } catch {
    state.textContent = 'No connection. Trying again.';
  }
  if (goOn) setTimeout(keepLooking, ${REFRESH_DELAY_MS});
}

setTimeout(keepLooking, ${REFRESH_DELAY_MS});
`;
