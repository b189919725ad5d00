import type { StableAnswer } from './stable-answer.ts';

/**
 * What MiniStack 1.5.33 does otherwise than AWS, as far as this project meets it, and what is done about each. The
 * stacks know nothing of it. Besides what stands here:
 * - It has no Application Auto Scaling, and runs no container without Docker. So the runner's stack is synthesized and
 *   not deployed: its task runs as a process, with what its template says (`runner-task.ts`), a role like its role
 *   (`stand-in-role.ts`) and what only tasks and WhatsApp would give it (`task-gaps.ts`, `fake-ecs-agent.ts`).
 * - Its root user is refused nothing, not even what a bucket's policy denies to everybody: `guarded-data.test.ts` asks
 *   by the role of the runner.
 * - It answers every OPTIONS by itself, and some paths otherwise: `calls/differences.ts`.
 */

/**
 * Four shims, in the file that an interpreter loads by the name `sitecustomize`. IAM lacks the condition keys by which
 * the auth bucket demands conditional writes, without which it would refuse every record of the journal, and those by
 * which the runner's role is bound to keys of instances. KMS decrypts what was changed or is another key's, where AWS
 * refuses it. And a `Ref` to a secret is its name, where AWS has its ARN: the policies of the functions would name
 * nothing.
 */
export const GAPS_FOLDER = new URL('./ministack', import.meta.url).pathname;

/**
 * By default it lets everybody do everything over plain HTTP. AWS does not: with these, each call needs a signature
 * and a policy that allows it, and the rules that ask for TLS see TLS.
 */
export const MINISTACK_SETTINGS = { AUTH: 'true', USE_SSL: '1' };

/**
 * The address of an HTTP API is a name that leads to AWS. An emulator serves the same API under a path: LocalStack too.
 */
export function reachableApiUrl(apiUrl: string, endpoint: string): string {
  const id = new URL(apiUrl).hostname.split('.')[0];
  return `${endpoint}/_aws/execute-api/${id}/$default`;
}

/** It gives an answer without a body the type of JSON; AWS gives it none. */
export function asAwsAnswers({ status, headers, body }: StableAnswer): StableAnswer {
  if (status !== 204) return { status, headers, body };
  const { 'content-type': _, ...own } = headers;
  return { status, headers: own, body };
}
