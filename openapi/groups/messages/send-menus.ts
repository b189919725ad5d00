import * as z from 'zod';
import type { GroupDocs } from '../../operation-doc.ts';
import { ImageMessage, VideoMessage } from './send-files.ts';
import { answersNoneOrSent, SAYING_FIELDS, SEND_ERRORS, SEND_HEADERS } from './sending.ts';

const AS_TEXT =
  'It goes out as text with numbered options, which every app shows. Whoever answers the number or the title of an option makes `onButton` happen, with the id of the option.';
const MENU_FIELDS = {
  native:
    "An experiment: WhatsApp's own buttons in place of the text. Not every app shows them; where WhatsApp refuses them, the text goes out.",
  ...SAYING_FIELDS,
} as const;
const BUTTON_FIELDS = {
  'btndata.text': 'What stands over the buttons.',
  'btndata.footerText': 'What stands under them.',
  'btndata.buttons':
    'Of three types: `replyButton` (its `payload` is its id, else its title), `urlButton` and `callButton`.',
} as const;

const Interactive = z.strictObject({
  interactiveMessage: z.strictObject({
    header: z.looseObject({ title: z.string(), hasMediaAttachment: z.boolean() }),
    body: z.strictObject({ text: z.string() }),
    footer: z.strictObject({ text: z.string() }).optional(),
    nativeFlowMessage: z.strictObject({
      buttons: z.array(z.strictObject({ name: z.string(), buttonParamsJson: z.string() })),
      messageParamsJson: z.string(),
      messageVersion: z.int(),
    }),
  }),
});
const MenuMessage = z.union([
  z.strictObject({ extendedTextMessage: z.strictObject({ text: z.string() }) }),
  Interactive,
]);
const MediaMenuMessage = z.union([ImageMessage, VideoMessage, Interactive]);

const LIST = {
  chatId: '2348049988056',
  msgdata: {
    buttonText: 'Button Text',
    text: 'Middle Text',
    title: 'Head Title',
    description: 'Footer Description',
    sections: [
      {
        title: 'title',
        rows: [
          { title: 'Title Option 1', description: 'Option Description', rowId: 'option-1' },
          { title: 'Title Option 2', rowId: 'option-2' },
        ],
      },
    ],
    listType: 0,
  },
};
const BUTTONS = {
  chatId: '2348179803743',
  btndata: {
    text: 'title Head',
    buttons: [
      { type: 'replyButton', title: 'Reply this text (REPLY)' },
      { type: 'urlButton', title: 'Click me (URL)', payload: 'https://example.com' },
      { type: 'callButton', title: 'Click to call (CALL)', payload: '918788889688' },
    ],
    footerText: 'title footer',
  },
};
const MEDIA_BUTTONS = {
  chatId: '2348179803743',
  btndata: {
    text: 'Title of Message',
    buttons: [
      { type: 'replyButton', title: 'this button reply' },
      { type: 'callButton', title: 'this button calls', payload: '91999999999' },
    ],
    footerText: 'Footer text',
    image: 'https://images.example.com/photo.jpg',
    mediaType: 'image',
    mimeType: 'image/jpeg',
  },
};
const REPRESENTATION = { prefer: 'return=representation' };
const alsoReads = { headers: SEND_HEADERS };
const errors = [...SEND_ERRORS, 'message_failed'] as const;

/** The same call answered by 204, by 200, and with WhatsApp's own buttons. */
function examplesOf(body: Readonly<Record<string, unknown>>) {
  return {
    default: { status: 204, body },
    representation: {
      summary: 'Shown at once',
      status: 200,
      headers: REPRESENTATION,
      body,
    },
    native: {
      summary: "WhatsApp's own, as an experiment",
      status: 200,
      headers: REPRESENTATION,
      body: { ...body, native: true },
    },
  } as const;
}

/** Messages that offer something to choose. */
export const sendMenusDocs = {
  sendList: {
    summary: 'Send a list',
    description: AS_TEXT,
    fields: {
      'msgdata.text': 'What the list is about.',
      'msgdata.buttonText': 'The label over the options.',
      'msgdata.description': 'What stands under them.',
      'msgdata.sections':
        'Up to 20, with up to 100 rows in all. A row without a `rowId` goes by its title.',
      'msgdata.listType': 'Makes no difference.',
      ...MENU_FIELDS,
    },
    alsoReads,
    answers: answersNoneOrSent({
      message: MenuMessage,
      example: {
        extendedTextMessage: {
          text: '*Head Title*\nMiddle Text\n\nButton Text:\n\n*title*\n1. Title Option 1: Option Description\n2. Title Option 2\n\n_Footer Description_',
        },
      },
      renderedAs: 'text',
    }),
    errors,
    examples: examplesOf(LIST),
  },
  sendButtons: {
    summary: 'Send buttons',
    description: AS_TEXT,
    fields: { ...BUTTON_FIELDS, ...MENU_FIELDS },
    alsoReads,
    answers: answersNoneOrSent({
      message: MenuMessage,
      example: {
        extendedTextMessage: {
          text: 'title Head\n\n1. Reply this text (REPLY)\nClick me (URL): https://example.com\nClick to call (CALL): +918788889688\n\n_title footer_',
        },
      },
      renderedAs: 'text',
    }),
    errors,
    examples: examplesOf(BUTTONS),
  },
  sendMediaButtons: {
    summary: 'Send a picture or video with buttons',
    description: `${AS_TEXT} The text is the caption.`,
    fields: {
      ...BUTTON_FIELDS,
      'btndata.image': 'The URL of the picture or video, fetched when it is sent.',
      ...MENU_FIELDS,
    },
    alsoReads,
    answers: answersNoneOrSent({
      message: MediaMenuMessage,
      example: {
        imageMessage: {
          mimetype: 'image/jpeg',
          caption:
            'Title of Message\n\n1. this button reply\nthis button calls: +91999999999\n\n_Footer text_',
        },
      },
      renderedAs: 'text',
    }),
    errors,
    examples: examplesOf(MEDIA_BUTTONS),
  },
} satisfies Partial<GroupDocs<'messages'>>;
