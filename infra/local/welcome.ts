import type { DemoAccount } from './demo-account.ts';

export type WelcomeOptions = {
  readonly url: string;
  readonly simulatorUrl: string | undefined;
  readonly runnerCount: number;
  readonly account: DemoAccount;
  readonly dataDir: string;
};

/** What `npm start` prints when all is up: where it is, who you are, and what to try next. */
export function welcome(options: WelcomeOptions): string {
  const { url, simulatorUrl, runnerCount, account, dataDir } = options;
  const lines = [
    '',
    `  WhatsApp Bots is up at ${url}   (data in ${dataDir})`,
    simulatorUrl
      ? `  Sandbox: the simulated WhatsApp is at ${simulatorUrl}; no phone is needed.`
      : '  Live: linked numbers speak to the real WhatsApp.',
    runnerCount === 1
      ? '  One runner holds all sessions. RUNNERS=3 shares them among three.'
      : `  ${runnerCount} runners share the sessions; GET /runners shows how.`,
    '',
    `  Demo account: ${account.email}`,
    `  export TOKEN=${account.apiKey}`,
    '',
    '  Next, make an instance:',
    `  curl -X POST ${url}/whatsapp/createNewWhatsapp -H "Authorization: Bearer $TOKEN" -d '{}'`,
    '',
    `  Read the API, and try it, at ${url}/docs`,
    '  README.md goes on from there. Ctrl-C stops everything.',
    '',
  ];
  return `${lines.join('\n')}\n`;
}
