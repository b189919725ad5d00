import { toContactContent } from '../domain/contact-content.ts';
import { type MediaKind, type MessageContent, TEXT_LENGTH_MAX } from '../domain/message-content.ts';
import { type ListMenu, renderList } from '../domain/render-menu.ts';
import { fillTokens, type Locale, type TokenValues } from './fill-tokens.ts';
import type { BotReply } from './keyword-rule.ts';
import { choicesOf } from './seeded-choice.ts';
import { spin } from './spintax.ts';

export type AboutReply = Locale & {
  /** What is answered: the same reply to the same message is always in the same words. */
  readonly seed: string;
  readonly tokens: TokenValues;
};

/** The message that a reply makes; `undefined` when nothing is left to say. */
export function renderReply(reply: BotReply, about: AboutReply): MessageContent | undefined {
  const choose = choicesOf(about.seed);
  const fill = (text: string) => fillTokens(spin(text, choose), about.tokens, about).trim();
  switch (reply.type) {
    case 'text':
      return toText(fill(reply.text));
    case 'media':
      return toMedia(reply, fill);
    case 'list':
      return toMenu(reply.menu, fill);
    case 'contact':
      return toContactContent(reply.card);
  }
}

type Fill = (text: string) => string;

function toText(text: string): MessageContent | undefined {
  return text === '' ? undefined : { kind: 'text', text: cut(text) };
}

/** WhatsApp shows no words with sound, nor with a sticker. */
const WORDLESS: readonly MediaKind[] = ['audio', 'sticker'];

function toMedia(
  { kind, source, mimetype, caption, fileName }: Extract<BotReply, { type: 'media' }>,
  fill: Fill,
): MessageContent {
  const words = caption === undefined || WORDLESS.includes(kind) ? '' : cut(fill(caption));
  return {
    kind,
    source,
    ...(mimetype !== undefined && { mimetype }),
    ...(fileName !== undefined && { fileName }),
    ...(words !== '' && { caption: words }),
  };
}

/** What was chosen by its title must have the title that was shown; where none is left, that is its id. */
function toMenu(menu: ListMenu, fill: Fill): MessageContent | undefined {
  const filled: ListMenu = {
    text: fill(menu.text),
    ...(menu.title !== undefined && { title: fill(menu.title) }),
    ...(menu.footer !== undefined && { footer: fill(menu.footer) }),
    ...(menu.buttonText !== undefined && { buttonText: fill(menu.buttonText) }),
    sections: menu.sections.map(({ title, rows }) => ({
      ...(title !== undefined && { title: fill(title) }),
      rows: rows.map(({ id, title: rowTitle, description }) => ({
        id,
        title: fill(rowTitle) || id,
        ...(description !== undefined && { description: fill(description) }),
      })),
    })),
  };
  const { text, choices } = renderList(filled);
  return text === '' ? undefined : { kind: 'text', text: cut(text), choices };
}

/** At the end of a character: half of one is none. */
function cut(text: string): string {
  const kept = text.slice(0, TEXT_LENGTH_MAX);
  return /[\ud800-\udbff]$/.test(kept) ? kept.slice(0, -1) : kept;
}
