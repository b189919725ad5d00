import * as z from 'zod';

import type { Message } from '#simulator/proto/messages.ts';
import type { MessageView, OptionView } from '#simulator/store/message-view.ts';

import { headerMediaOf } from './media-view.ts';

/** The parameters of a native flow's button, as far as a person sees them. */
const ButtonParams = z.object({
  id: z.string().optional(),
  display_text: z.string().optional(),
  url: z.string().optional(),
  phone_number: z.string().optional(),
  copy_code: z.string().optional(),
  sections: z
    .array(
      z.object({
        rows: z.array(
          z.object({
            id: z.string(),
            title: z.string(),
            description: z.string().optional(),
          }),
        ),
      }),
    )
    .optional(),
});

type NativeFlow = NonNullable<NonNullable<Message['interactiveMessage']>['nativeFlowMessage']>;
type NativeFlowButton = NonNullable<NativeFlow['buttons']>[number];

/** What a phone shows of an unwrapped message that lets a person choose. */
export function viewOfChoice(message: Message): MessageView | undefined {
  return (
    viewOfList(message) ??
    viewOfButtons(message) ??
    viewOfTemplate(message) ??
    viewOfInteractive(message)
  );
}

/** The button of a native flow with which a person can choose this id. */
export function nativeFlowButtonOf(message: Message, id: string): NativeFlowButton | undefined {
  const buttons = message.interactiveMessage?.nativeFlowMessage?.buttons ?? [];
  return buttons.find((button) => optionsOf(button).some((option) => option.id === id));
}

function viewOfList({ listMessage: list }: Message): MessageView | undefined {
  if (!list) return undefined;
  const rows = (list.sections ?? []).flatMap((section) => section.rows ?? []);
  return {
    type: 'list',
    text: list.description ?? '',
    title: list.title || undefined,
    footer: list.footerText || undefined,
    options: someOf(
      rows.map((row) => ({
        id: row.rowId ?? '',
        title: row.title ?? '',
        description: row.description || undefined,
      })),
    ),
  };
}

function viewOfButtons(message: Message): MessageView | undefined {
  const { buttonsMessage: buttons } = message;
  if (!buttons) return undefined;
  return {
    type: 'buttons',
    text: buttons.contentText ?? '',
    title: buttons.text || undefined,
    footer: buttons.footerText || undefined,
    media: headerMediaOf(message),
    options: someOf(
      (buttons.buttons ?? []).map((button) => ({
        id: button.buttonId ?? '',
        title: button.buttonText?.displayText ?? '',
      })),
    ),
  };
}

function viewOfTemplate(message: Message): MessageView | undefined {
  const { templateMessage } = message;
  if (!templateMessage) return undefined;
  const template = templateMessage.hydratedTemplate;
  return {
    type: 'template',
    text: template?.hydratedContentText ?? '',
    title: template?.hydratedTitleText || undefined,
    footer: template?.hydratedFooterText || undefined,
    media: headerMediaOf(message),
    options: someOf(
      (template?.hydratedButtons ?? []).map(({ quickReplyButton, urlButton, callButton }) => ({
        id: quickReplyButton?.id ?? '',
        title: (quickReplyButton ?? urlButton ?? callButton)?.displayText ?? '',
        url: urlButton?.url || undefined,
        phoneNumber: callButton?.phoneNumber || undefined,
      })),
    ),
  };
}

function viewOfInteractive(message: Message): MessageView | undefined {
  const { interactiveMessage: interactive } = message;
  if (!interactive) return undefined;
  const { header, body, footer, nativeFlowMessage } = interactive;
  return {
    type: 'interactive',
    text: body?.text ?? '',
    title: header?.title || undefined,
    footer: footer?.text || undefined,
    media: headerMediaOf(message),
    options: someOf((nativeFlowMessage?.buttons ?? []).flatMap(optionsOf)),
  };
}

/** The rows of a list, or the one thing that the button is; a button that is no JSON is nothing. */
function optionsOf({ buttonParamsJson }: NativeFlowButton): OptionView[] {
  const params = parseParams(buttonParamsJson ?? '');
  if (!params) return [];
  if (params.sections) return params.sections.flatMap(({ rows }) => rows);
  return [
    {
      id: params.id ?? '',
      title: params.display_text ?? '',
      url: params.url,
      phoneNumber: params.phone_number,
      code: params.copy_code,
    },
  ];
}

function parseParams(json: string): z.infer<typeof ButtonParams> | undefined {
  try {
    return ButtonParams.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}

function someOf<T>(items: T[]): T[] | undefined {
  return items.length > 0 ? items : undefined;
}
