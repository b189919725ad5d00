/** A stand-in for AWS that runs on this machine. */
export type Emulator = {
  readonly name: 'ministack' | 'localstack';
  readonly endpoint: string;
  /** What a process needs to call it: the endpoint, dummy credentials, whom to trust. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether it serves HTTP APIs and their Lambdas. */
  readonly hasApi: boolean;
  /** Whether a call needs a policy that allows it. */
  readonly hasIam: boolean;
  /** The names of tests that it does not pass, for a reason that is known. */
  readonly gaps: readonly string[];
  /** The end of what it wrote. */
  readLog(): Promise<string>;
  stop(): Promise<void>;
};

export const REGION = 'us-east-1';
export const ACCOUNT = '000000000000';

/** The emulators' root user. */
export const ROOT_CREDENTIALS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

/** What every process needs that calls an emulator by an SDK. */
export function clientEnv(endpoint: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: REGION,
    AWS_EC2_METADATA_DISABLED: 'true',
    ...ROOT_CREDENTIALS,
  };
}
