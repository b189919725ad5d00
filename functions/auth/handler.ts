import { getDeps } from '../deps.ts';
import { groupHandler } from '../http/group-handler.ts';
import { createKey } from './create-key.ts';
import { deleteKey } from './delete-key.ts';
import { listKeys } from './list-keys.ts';
import { login } from './login.ts';
import { logout } from './logout.ts';
import { refresh } from './refresh.ts';
import { register } from './register.ts';

export const operations = {
  register,
  login,
  refresh,
  logout,
  createKey,
  listKeys,
  deleteKey,
};

export const makeHandler = groupHandler('auth', operations);

export const handler = makeHandler(getDeps);
