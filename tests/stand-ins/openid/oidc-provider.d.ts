/** As much of oidc-provider as the stand-ins use: the package brings no types. */
declare module "oidc-provider" {
  import type { IncomingMessage, ServerResponse } from "node:http"

  export class Grant {
    constructor(of: { accountId: string; clientId: string })
    addOIDCScope(scope: string): void
    save(): Promise<string>
  }

  type Interaction = {
    uid: string
    prompt: { name: string }
    params: { client_id: string; scope: string }
    session?: { accountId: string }
  }

  export default class Provider {
    constructor(issuer: string, configuration: Record<string, unknown>)
    proxy: boolean
    readonly Grant: typeof Grant
    readonly Client: { prototype: { redirectUriAllowed(value: string): boolean } }
    callback(): (req: IncomingMessage, res: ServerResponse) => Promise<void>
    interactionDetails(req: IncomingMessage, res: ServerResponse): Promise<Interaction>
    interactionFinished(
      req: IncomingMessage,
      res: ServerResponse,
      result: Record<string, unknown>,
      options?: { mergeWithLastSubmission: boolean },
    ): Promise<void>
    on(event: "server_error", listener: (ctx: unknown, error: Error) => void): this
  }

  export const interactionPolicy: {
    base(): { add(prompt: InstanceType<typeof interactionPolicy.Prompt>, index?: number): void }
    Prompt: new (of: { name: string; requestable: boolean }) => { name: string }
  }
}
