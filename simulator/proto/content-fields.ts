import { defineMessage } from './codec.ts';
import { nested, repeated, scalar } from './field.ts';

// The parts of a message that contain no other message. Only the fields that we use; the field
// numbers are WhatsApp's public wire format, as in Baileys' WAProto.proto.

export const imageFields = {
  url: scalar(1, 'string'),
  mimetype: scalar(2, 'string'),
  caption: scalar(3, 'string'),
  fileSha256: scalar(4, 'bytes'),
  fileLength: scalar(5, 'uint64'),
  height: scalar(6, 'uint32'),
  width: scalar(7, 'uint32'),
  mediaKey: scalar(8, 'bytes'),
  fileEncSha256: scalar(9, 'bytes'),
  directPath: scalar(11, 'string'),
  mediaKeyTimestamp: scalar(12, 'int64'),
  jpegThumbnail: scalar(16, 'bytes'),
  viewOnce: scalar(25, 'bool'),
};

export const videoFields = {
  url: scalar(1, 'string'),
  mimetype: scalar(2, 'string'),
  fileSha256: scalar(3, 'bytes'),
  fileLength: scalar(4, 'uint64'),
  seconds: scalar(5, 'uint32'),
  mediaKey: scalar(6, 'bytes'),
  caption: scalar(7, 'string'),
  gifPlayback: scalar(8, 'bool'),
  height: scalar(9, 'uint32'),
  width: scalar(10, 'uint32'),
  fileEncSha256: scalar(11, 'bytes'),
  directPath: scalar(13, 'string'),
  mediaKeyTimestamp: scalar(14, 'int64'),
  jpegThumbnail: scalar(16, 'bytes'),
  viewOnce: scalar(20, 'bool'),
};

export const audioFields = {
  url: scalar(1, 'string'),
  mimetype: scalar(2, 'string'),
  fileSha256: scalar(3, 'bytes'),
  fileLength: scalar(4, 'uint64'),
  seconds: scalar(5, 'uint32'),
  ptt: scalar(6, 'bool'),
  mediaKey: scalar(7, 'bytes'),
  fileEncSha256: scalar(8, 'bytes'),
  directPath: scalar(9, 'string'),
  mediaKeyTimestamp: scalar(10, 'int64'),
  waveform: scalar(19, 'bytes'),
};

export const documentFields = {
  url: scalar(1, 'string'),
  mimetype: scalar(2, 'string'),
  title: scalar(3, 'string'),
  fileSha256: scalar(4, 'bytes'),
  fileLength: scalar(5, 'uint64'),
  pageCount: scalar(6, 'uint32'),
  mediaKey: scalar(7, 'bytes'),
  fileName: scalar(8, 'string'),
  fileEncSha256: scalar(9, 'bytes'),
  directPath: scalar(10, 'string'),
  mediaKeyTimestamp: scalar(11, 'int64'),
  jpegThumbnail: scalar(16, 'bytes'),
  caption: scalar(20, 'string'),
};

export const stickerFields = {
  url: scalar(1, 'string'),
  fileSha256: scalar(2, 'bytes'),
  fileEncSha256: scalar(3, 'bytes'),
  mediaKey: scalar(4, 'bytes'),
  mimetype: scalar(5, 'string'),
  height: scalar(6, 'uint32'),
  width: scalar(7, 'uint32'),
  directPath: scalar(8, 'string'),
  fileLength: scalar(9, 'uint64'),
  mediaKeyTimestamp: scalar(10, 'int64'),
  isAnimated: scalar(13, 'bool'),
};

export const locationFields = {
  degreesLatitude: scalar(1, 'double'),
  degreesLongitude: scalar(2, 'double'),
  name: scalar(3, 'string'),
  address: scalar(4, 'string'),
  url: scalar(5, 'string'),
  isLive: scalar(6, 'bool'),
  comment: scalar(11, 'string'),
};

export const contactFields = { displayName: scalar(1, 'string'), vcard: scalar(16, 'string') };

const pollOption = defineMessage('PollOption', { optionName: scalar(1, 'string') });
export const pollCreationFields = {
  encKey: scalar(1, 'bytes'),
  name: scalar(2, 'string'),
  options: repeated(nested(3, () => pollOption)),
  selectableOptionsCount: scalar(4, 'uint32'),
};

const listRow = defineMessage('ListRow', {
  title: scalar(1, 'string'),
  description: scalar(2, 'string'),
  rowId: scalar(3, 'string'),
});
const listSection = defineMessage('ListSection', {
  title: scalar(1, 'string'),
  rows: repeated(nested(2, () => listRow)),
});
export const listFields = {
  title: scalar(1, 'string'),
  description: scalar(2, 'string'),
  buttonText: scalar(3, 'string'),
  listType: scalar(4, 'uint32'),
  sections: repeated(nested(5, () => listSection)),
  footerText: scalar(7, 'string'),
};

const selectedRow = defineMessage('SelectedRow', { selectedRowId: scalar(1, 'string') });
export const listResponseFields = {
  title: scalar(1, 'string'),
  listType: scalar(2, 'uint32'),
  singleSelectReply: nested(3, () => selectedRow),
  description: scalar(5, 'string'),
};

const buttonText = defineMessage('ButtonText', { displayText: scalar(1, 'string') });
const button = defineMessage('Button', {
  buttonId: scalar(1, 'string'),
  buttonText: nested(2, () => buttonText),
  type: scalar(3, 'uint32'),
});
export const buttonsFields = {
  /** The header, when it is a text. */
  text: scalar(1, 'string'),
  contentText: scalar(6, 'string'),
  footerText: scalar(7, 'string'),
  buttons: repeated(nested(9, () => button)),
  headerType: scalar(10, 'uint32'),
};

export const buttonsResponseFields = {
  selectedButtonId: scalar(1, 'string'),
  selectedDisplayText: scalar(2, 'string'),
  type: scalar(4, 'uint32'),
};

const quickReplyButton = defineMessage('HydratedQuickReplyButton', {
  displayText: scalar(1, 'string'),
  id: scalar(2, 'string'),
});
const urlButton = defineMessage('HydratedURLButton', {
  displayText: scalar(1, 'string'),
  url: scalar(2, 'string'),
});
const callButton = defineMessage('HydratedCallButton', {
  displayText: scalar(1, 'string'),
  phoneNumber: scalar(2, 'string'),
});
const templateButton = defineMessage('HydratedTemplateButton', {
  quickReplyButton: nested(1, () => quickReplyButton),
  urlButton: nested(2, () => urlButton),
  callButton: nested(3, () => callButton),
  index: scalar(4, 'uint32'),
});
export const hydratedTemplateFields = {
  hydratedTitleText: scalar(2, 'string'),
  hydratedContentText: scalar(6, 'string'),
  hydratedFooterText: scalar(7, 'string'),
  hydratedButtons: repeated(nested(8, () => templateButton)),
};
export const templateReplyFields = {
  selectedId: scalar(1, 'string'),
  selectedDisplayText: scalar(2, 'string'),
  selectedIndex: scalar(4, 'uint32'),
};

export const interactiveHeaderFields = {
  title: scalar(1, 'string'),
  subtitle: scalar(2, 'string'),
  hasMediaAttachment: scalar(5, 'bool'),
};
const interactiveText = defineMessage('InteractiveText', { text: scalar(1, 'string') });
const nativeFlowButton = defineMessage('NativeFlowButton', {
  name: scalar(1, 'string'),
  buttonParamsJson: scalar(2, 'string'),
});
const nativeFlow = defineMessage('NativeFlow', {
  buttons: repeated(nested(1, () => nativeFlowButton)),
  messageParamsJson: scalar(2, 'string'),
  messageVersion: scalar(3, 'int32'),
});
export const interactiveFields = {
  body: nested(2, () => interactiveText),
  footer: nested(3, () => interactiveText),
  nativeFlowMessage: nested(6, () => nativeFlow),
};

const nativeFlowResponse = defineMessage('NativeFlowResponse', {
  name: scalar(1, 'string'),
  paramsJson: scalar(2, 'string'),
  version: scalar(3, 'int32'),
});
export const interactiveResponseFields = {
  body: nested(1, () => interactiveText),
  nativeFlowResponseMessage: nested(2, () => nativeFlowResponse),
};
