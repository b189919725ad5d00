/** Orders strings by their UTF-8 bytes, as SQLite, DynamoDB and S3 do (JavaScript's `<` orders UTF-16 units). */
export function compareUtf8(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
