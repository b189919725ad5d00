import * as z from 'zod';
import { TEXT_LENGTH_MAX } from '#shared/domain/message-content.ts';
import { MediaType } from '#shared/domain/mimetype.ts';
import { PhoneNumber } from '#shared/domain/recipient.ts';
import type { Button, ButtonMenu, ListMenu } from '#shared/domain/render-menu.ts';
import { numberAsText } from '../http/number-as-text.ts';
import { emptyAsAbsent, optional } from './message-fields.ts';

const TITLE_LENGTH_MAX = 200;
const DESCRIPTION_LENGTH_MAX = 1_000;
const ID_LENGTH_MAX = 256;
const URL_LENGTH_MAX = 2_048;
const BUTTONS_MAX = 20;
const SECTIONS_MAX = 20;
const ROWS_MAX = 100;

const Title = z.string().trim().min(1).max(TITLE_LENGTH_MAX);
const OptionalTitle = z.string().trim().max(TITLE_LENGTH_MAX).nullish();
const Description = z.string().trim().max(DESCRIPTION_LENGTH_MAX).nullish();
const Id = z.string().trim().max(ID_LENGTH_MAX).nullish();
const Body = z.string().trim().min(1).max(TEXT_LENGTH_MAX);

const WebAddress = z
  .string()
  .max(URL_LENGTH_MAX)
  .refine(
    (text) => /^https?:\/\//i.test(text) && URL.canParse(text),
    'must be a URL with https://',
  );

/** Whether WhatsApp's own buttons are tried; they are an experiment, and not every app shows them. */
export const NativeField = optional(z.boolean());

/** `msgdata` of the customer's page. A row without a `rowId` goes by its title. */
export const ListField = z
  .object({
    title: OptionalTitle,
    text: Body,
    description: Description,
    buttonText: OptionalTitle,
    sections: z
      .array(
        z.object({
          title: OptionalTitle,
          rows: z.array(z.object({ title: Title, description: Description, rowId: Id })).min(1),
        }),
      )
      .min(1)
      .max(SECTIONS_MAX)
      .refine(
        (sections) => sections.flatMap(({ rows }) => rows).length <= ROWS_MAX,
        `must have at most ${ROWS_MAX} rows in all`,
      ),
    listType: optional(z.int()),
  })
  .transform(
    ({ title, text, description, buttonText, sections }): ListMenu => ({
      title: title ?? undefined,
      text,
      footer: description ?? undefined,
      buttonText: buttonText ?? undefined,
      sections: sections.map((section) => ({
        title: section.title ?? undefined,
        rows: section.rows.map((row) => ({
          id: row.rowId || row.title,
          title: row.title,
          description: row.description ?? undefined,
        })),
      })),
    }),
  );

/** The three kinds of the customer's page. */
const ButtonField = z.discriminatedUnion(
  'type',
  [
    z.object({ type: z.literal('replyButton'), title: Title, payload: Id }),
    z.object({ type: z.literal('urlButton'), title: Title, payload: WebAddress }),
    z.object({ type: z.literal('callButton'), title: Title, payload: numberAsText(PhoneNumber) }),
  ],
  'must be replyButton, urlButton or callButton',
);

const Buttons = z
  .array(ButtonField)
  .min(1)
  .max(BUTTONS_MAX)
  .transform((buttons) => buttons.map(toButton));

const BUTTON_FIELDS = {
  text: Body,
  buttons: Buttons,
  footerText: OptionalTitle,
} as const;

/** `btndata` of the customer's page. */
export const ButtonsField = z.object(BUTTON_FIELDS).transform(toButtonMenu);

/** `btndata` with a picture or video over the buttons. */
export const MediaButtonsField = z
  .object({
    ...BUTTON_FIELDS,
    image: z.string(),
    mediaType: emptyAsAbsent(z.enum(['image', 'video']).default('image')),
    mimeType: optional(MediaType),
  })
  .transform(({ image, mediaType, mimeType, ...menu }) => ({
    menu: toButtonMenu(menu),
    url: image,
    mediaType,
    mimeType,
  }));

function toButton(button: z.output<typeof ButtonField>): Button {
  const { title, payload } = button;
  switch (button.type) {
    case 'replyButton':
      return { kind: 'reply', id: payload || title, title };
    case 'urlButton':
      return { kind: 'url', title, url: button.payload };
    case 'callButton':
      return { kind: 'call', title, phone: button.payload };
  }
}

function toButtonMenu({
  text,
  buttons,
  footerText,
}: {
  text: string;
  buttons: readonly Button[];
  footerText?: string | null | undefined;
}): ButtonMenu {
  return { text, footer: footerText ?? undefined, buttons };
}
