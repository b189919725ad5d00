import type { Blobs } from '#shared/storage/blobs.ts';

/** These blobs, but for some of what they do. */
export function blobsWith(blobs: Blobs, changes: Partial<Blobs>): Blobs {
  return {
    get: (key) => blobs.get(key),
    stat: (key) => blobs.stat(key),
    read: (key) => blobs.read(key),
    put: (key, bytes) => blobs.put(key, bytes),
    write: (key, source) => blobs.write(key, source),
    putIfAbsent: (key, bytes) => blobs.putIfAbsent(key, bytes),
    list: (prefix, options) => blobs.list(prefix, options),
    delete: (key) => blobs.delete(key),
    presignUpload: (key, options) => blobs.presignUpload(key, options),
    presignDownload: (key, options) => blobs.presignDownload(key, options),
    ...changes,
  };
}
