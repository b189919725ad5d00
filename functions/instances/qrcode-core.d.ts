/** The encoder of `qrcode` alone: its main file brings along a renderer for each of five formats. */
declare module 'qrcode/lib/core/qrcode.js' {
  import type { QRCode, QRCodeOptions } from 'qrcode';

  const core: { create(text: string, options: QRCodeOptions): QRCode };
  export = core;
}
