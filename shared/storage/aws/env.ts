/**
 * Whether the environment sends the calls of S3 to an emulator instead of AWS. The SDK reads the address itself; only
 * how a bucket stands in a URL depends on it.
 */
export function hasS3EndpointOverride(): boolean {
  return Boolean(process.env['AWS_ENDPOINT_URL_S3'] || process.env['AWS_ENDPOINT_URL']);
}
