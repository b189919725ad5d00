import type { ContactCard } from './contact.ts';

/** RFC 2426 §2.6: octets of a line without its end. */
const LINE_OCTETS_MAX = 75;
const LINE_END = '\r\n';

/**
 * A contact as a vCard 3.0 (RFC 2426), with the number as WhatsApp's own apps write it: `waid` makes a chat of it.
 * `displayName` is a `NICKNAME` where it differs. Whatever the fields hold, they stay inside their lines.
 */
export function toVcard({ fullName, displayName, organization, phoneNumber }: ContactCard): string {
  const name = escapeText(fullName);
  // A parsed number has digits alone; anything else must not reach a line that is not escaped.
  const digits = phoneNumber.replace(/[^0-9]/g, '');
  const lines = [
    'BEGIN:VCARD',
    'VERSION:3.0',
    // Nobody can tell the parts of a name apart, and a card must have them.
    `N:;${name};;;`,
    `FN:${name}`,
    ...(displayName === fullName ? [] : [`NICKNAME:${escapeText(displayName)}`]),
    ...(organization ? [`ORG:${escapeText(organization)};`] : []),
    `TEL;type=CELL;type=VOICE;waid=${digits}:+${digits}`,
    'END:VCARD',
  ];
  return lines.map((line) => `${fold(line)}${LINE_END}`).join('');
}

/**
 * RFC 2426 §4. Everything that some reader takes for the end of a line becomes `\n`; other control characters have no
 * place in a card, and are left out.
 */
function escapeText(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\\,;]/g, '\\$&')
    .replace(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/g, '\\n')
    .replace(/(?!\t)\p{Cc}/gu, '');
}

/** Goes on in a new line that begins with a space, between characters, never within one. */
function fold(line: string): string {
  let folded = '';
  let octets = 0;
  for (const character of line) {
    const size = octetsOf(character);
    if (octets + size > LINE_OCTETS_MAX) {
      folded += `${LINE_END} `;
      octets = 1;
    }
    folded += character;
    octets += size;
  }
  return folded;
}

/** How many bytes a character has in UTF-8. */
function octetsOf(character: string): number {
  const codePoint = character.codePointAt(0) ?? 0;
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}
