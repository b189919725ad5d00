import { expect, it } from 'vitest';

import { MediaFaults } from '#simulator/faults/media-faults.ts';

const NOTHING = { delayMs: 0, status: undefined };

it('strikes the direction that was ordered, as often as it was ordered', () => {
  const faults = new MediaFaults();
  faults.add({ kind: 'media', status: 507, direction: 'upload' }, 2);
  expect(faults.take('download')).toEqual(NOTHING);
  const taken = [faults.take('upload'), faults.take('upload'), faults.take('upload')];
  expect(taken.map(({ status }) => status)).toEqual([507, 507, undefined]);
});

it('delays and refuses the same request', () => {
  const faults = new MediaFaults();
  faults.add({ kind: 'media', status: 500, direction: 'download' }, 1);
  faults.add({ kind: 'slow-media', ms: 5 }, 1);
  expect(faults.take('download')).toEqual({ delayMs: 5, status: 500 });
  expect(faults.take('upload')).toEqual(NOTHING);
});
