import type { ApiClient } from './api-client.ts';
import type { WebhookReceiver } from './webhook-receiver.ts';

/** What a scene of the demo plays with: an instance that is linked, a customer's phone, and who listens. */
export type DemoScene = {
  /** The API's address. */
  readonly url: string;
  readonly api: ApiClient;
  readonly simulator: ApiClient;
  readonly receiver: WebhookReceiver;
  readonly credentials: { readonly session_id: string; readonly access_token: string };
  /** The numbers of the instance and of its customer. */
  readonly business: string;
  readonly customer: string;
  /** Called after each step that was seen to be done. */
  readonly tell: (step: string) => void;
};
