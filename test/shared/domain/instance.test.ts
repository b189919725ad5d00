import { describe, expect, it } from 'vitest';
import { Instance, InstanceStatus, phoneOf, scannableQr } from '#shared/domain/instance.ts';
import { A_USER, anInstance } from './an-instance.ts';

const NOW = new Date('2026-11-22T10:00:00Z');
const qr = { code: '2@abc', expiresAt: '2026-11-22T10:00:20.000Z' };

describe('scannableQr', () => {
  it('is there only while the instance asks for a scan', () => {
    for (const status of InstanceStatus.options) {
      const code = scannableQr(anInstance({ status, qr }), NOW);
      expect(code).toEqual(status === 'SCAN_QR' ? qr : undefined);
    }
    expect(scannableQr(anInstance({ status: 'SCAN_QR' }), NOW)).toBeUndefined();
  });

  it('ends at the very moment in which it expires', () => {
    const instance = anInstance({ status: 'SCAN_QR', qr });
    const end = new Date(qr.expiresAt);

    expect(scannableQr(instance, new Date(end.getTime() - 1))).toEqual(qr);
    expect(scannableQr(instance, end)).toBeUndefined();
  });
});

it('knows the number of a device address', () => {
  expect(phoneOf(A_USER)).toBe('2349040613521');
  expect(phoneOf({ id: '2349040613521@s.whatsapp.net', name: '' })).toBe('2349040613521');
  expect(phoneOf(undefined)).toBeUndefined();
});

it('takes no record with a field too many', () => {
  expect(Instance.safeParse(anInstance()).success).toBe(true);
  expect(Instance.safeParse({ ...anInstance(), colour: 'red' }).success).toBe(false);
});
