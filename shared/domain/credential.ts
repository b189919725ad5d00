/**
 * A long-lived secret of an account, as its holder writes it: `wbr_<account>_<login>_<secret>` for a refresh
 * token, `wbk_<account>_<key>_<secret>` for an API key. The ids say where its hash is kept.
 */
export type Credential = {
  readonly kind: CredentialKind;
  readonly accountId: string;
  /** Of the login or of the key. */
  readonly id: string;
  /** 32 random bytes in base64url: 43 characters. */
  readonly secret: string;
};
type CredentialKind = 'refresh_token' | 'api_key';

const PREFIXES = { refresh_token: 'wbr', api_key: 'wbk' } as const satisfies Record<
  CredentialKind,
  string
>;
const FORM = /^(?<accountId>[0-9a-f]{24})_(?<id>[0-9a-f]{24})_(?<secret>[A-Za-z0-9_-]{43})$/;

export function formatCredential({ kind, accountId, id, secret }: Credential): string {
  return `${PREFIXES[kind]}_${accountId}_${id}_${secret}`;
}

/** Whether the text means to be a credential of this kind. */
export function looksLike(kind: CredentialKind, text: string): boolean {
  return text.startsWith(`${PREFIXES[kind]}_`);
}

/** `undefined` when the text is no credential of this kind. */
export function parseCredential(kind: CredentialKind, text: string): Credential | undefined {
  if (!looksLike(kind, text)) return undefined;
  const { accountId, id, secret } = FORM.exec(text.slice(PREFIXES[kind].length + 1))?.groups ?? {};
  if (accountId === undefined || id === undefined || secret === undefined) return undefined;
  return { kind, accountId, id, secret };
}
