/** The storage itself failed (disk full, file damaged, lock held too long); `cause` is the technology's error. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
}
