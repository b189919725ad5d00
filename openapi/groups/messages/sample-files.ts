/** A picture of one dot. */
export const A_PICTURE = {
  fileName: 'picture.png',
  contentType: 'image/png',
  content:
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
};

/** How an MP4 begins. */
export const A_VIDEO = {
  fileName: 'holiday.mp4',
  contentType: 'video/mp4',
  content: 'AAAAGGZ0eXBpc29tAAACAGlzb21tcDQy',
};

/** How an AMR begins. */
export const A_SOUND = {
  fileName: 'note.amr',
  contentType: 'audio/amr',
  content: 'IyFBTVIKMDAwMA==',
};

/** An empty PDF. */
export const A_DOCUMENT = {
  fileName: 'report.pdf',
  contentType: 'application/pdf',
  content: 'JVBERi0xLjQKJSVFT0YK',
};
