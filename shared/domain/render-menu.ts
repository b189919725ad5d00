import type { Choice, NativeFlow } from './message-content.ts';

/** A message that offers something to choose: as text, which every app shows, and as WhatsApp's own structure. */
export type Menu = {
  readonly text: string;
  readonly choices: Choice[];
  readonly native: NativeFlow;
};

type MenuRow = {
  readonly id: string;
  readonly title: string;
  readonly description?: string | undefined;
};

/** A list in the words of the customer's page. */
export type ListMenu = {
  readonly title?: string | undefined;
  readonly text: string;
  readonly footer?: string | undefined;
  /** The label over the options. */
  readonly buttonText?: string | undefined;
  readonly sections: readonly {
    readonly title?: string | undefined;
    readonly rows: readonly MenuRow[];
  }[];
};

export type Button =
  | { readonly kind: 'reply'; readonly id: string; readonly title: string }
  | { readonly kind: 'url'; readonly title: string; readonly url: string }
  /** Digits alone. */
  | { readonly kind: 'call'; readonly title: string; readonly phone: string };

export type ButtonMenu = {
  readonly text: string;
  readonly footer?: string | undefined;
  readonly buttons: readonly Button[];
};

/** Options are numbered through all sections: a reply of the number is a choice. */
export function renderList({ title, text, footer, buttonText, sections }: ListMenu): Menu {
  const choices: Choice[] = [];
  const blocks = sections.map((section) => {
    const lines = section.rows.map((row) => {
      choices.push({ id: row.id, title: row.title });
      const description = row.description ? `: ${row.description}` : '';
      return `${choices.length}. ${row.title}${description}`;
    });
    return [...(section.title ? [bold(section.title)] : []), ...lines].join('\n');
  });
  const params = {
    title: buttonText ?? '',
    sections: sections.map((section) => ({
      title: section.title ?? '',
      rows: section.rows.map(({ id, title: rowTitle, description = '' }) => ({
        header: '',
        title: rowTitle,
        description,
        id,
      })),
    })),
  };
  return {
    text: paragraphs([
      [title ? bold(title) : '', text].filter(Boolean).join('\n'),
      buttonText ? `${buttonText}:` : '',
      ...blocks,
      footer ? italic(footer) : '',
    ]),
    choices,
    native: toNative({ title, body: text, footer }, [nativeButton('single_select', params)]),
  };
}

/** Buttons that reply are numbered; those that open or call something are lines that every app makes links of. */
export function renderButtons({ text, footer, buttons }: ButtonMenu): Menu {
  const choices: Choice[] = [];
  const lines = buttons.map((button) => {
    if (button.kind === 'url') return `${button.title}: ${button.url}`;
    if (button.kind === 'call') return `${button.title}: +${button.phone}`;
    choices.push({ id: button.id, title: button.title });
    return `${choices.length}. ${button.title}`;
  });
  return {
    text: paragraphs([text, lines.join('\n'), footer ? italic(footer) : '']),
    choices,
    native: toNative({ body: text, footer }, buttons.map(toNativeButton)),
  };
}

function toNativeButton(button: Button) {
  switch (button.kind) {
    case 'reply':
      return nativeButton('quick_reply', { display_text: button.title, id: button.id });
    case 'url':
      return nativeButton('cta_url', {
        display_text: button.title,
        url: button.url,
        merchant_url: button.url,
      });
    case 'call':
      return nativeButton('cta_call', {
        display_text: button.title,
        phone_number: `+${button.phone}`,
      });
  }
}

function nativeButton(name: string, params: object) {
  return { name, params: JSON.stringify(params) };
}

function toNative(
  {
    title,
    body,
    footer,
  }: { title?: string | undefined; body: string; footer?: string | undefined },
  buttons: NativeFlow['buttons'],
): NativeFlow {
  return { ...(title && { title }), body, ...(footer && { footer }), buttons };
}

function paragraphs(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n');
}

/** WhatsApp's own marks. They hold for one line. */
function bold(text: string): string {
  return `*${text.replaceAll(/\s+/g, ' ')}*`;
}

function italic(text: string): string {
  return `_${text.replaceAll(/\s+/g, ' ')}_`;
}
