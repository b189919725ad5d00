/**
 * The id of the runner that is this ECS task: the last part of the task's ARN,
 * `arn:aws:ecs:<region>:<account>:task/<cluster>/<id>`. ECS starts a new task for each run of a runner.
 */
export function runnerIdOf(taskArn: string): string {
  return taskArn.slice(taskArn.lastIndexOf('/') + 1);
}
