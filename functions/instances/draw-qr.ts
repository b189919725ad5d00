import { encodeQR } from 'qr';
import { qrPng } from './qr-png.ts';

/** ISO/IEC 18004 §6.3.8: as many light modules around the code, that a scanner may find it. */
const MARGIN_MODULES = 4;
/** Big enough for the code's 65 modules and more to be told apart by any camera. */
const IMAGE_WIDTH_PX = 480;

/** The text as a QR code, a PNG image. */
export function drawQr(text: string): Buffer {
  const modules = encodeQR(text, 'raw', { ecc: 'medium', border: MARGIN_MODULES });
  return qrPng(modules, { widthPx: IMAGE_WIDTH_PX });
}
