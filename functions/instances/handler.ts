import { getDeps } from '../deps.ts';
import { groupHandler } from '../http/group-handler.ts';
import { createInstance } from './create-instance.ts';
import { deleteInstance } from './delete-instance.ts';
import { initInstance } from './init-instance.ts';
import { listInstances } from './list-instances.ts';
import { logoutInstance } from './logout-instance.ts';
import { pairPhone } from './pair-phone.ts';
import { scanQr } from './scan-qr.ts';
import { showInstance } from './show-instance.ts';

export const operations = {
  createInstance,
  listInstances,
  initInstance,
  scanQr,
  pairPhone,
  showInstance,
  logoutInstance,
  deleteInstance,
};

export const makeHandler = groupHandler('instances', operations);

export const handler = makeHandler(getDeps);
