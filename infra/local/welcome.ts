import type { DemoAccount } from './demo-account.ts';

export type WelcomeOptions = {
  readonly url: string;
  readonly simulatorUrl: string | undefined;
  readonly account: DemoAccount;
  readonly dataDir: string;
};

/** What `npm start` prints when all is up: where it is, who you are, and what to try next. */
export function welcome({ url, simulatorUrl, account, dataDir }: WelcomeOptions): string {
  const lines = [
    '',
    `  WhatsApp Bots is up at ${url}   (data in ${dataDir})`,
    simulatorUrl
      ? `  Sandbox: the simulated WhatsApp is at ${simulatorUrl}; no phone is needed.`
      : '  Live: linked numbers speak to the real WhatsApp.',
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
