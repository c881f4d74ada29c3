import "@remix-run/node"

declare module "@remix-run/node" {
  /** What the front hands to every loader and action as `context`. */
  interface AppLoadContext {
    /** The nonce every inline script and style of this answer must carry. */
    cspNonce: string
    /** The id this request has in the logs. */
    requestId: string
    /** The address the request came from, as far as TRUSTED_PROXIES can be believed. */
    clientAddress: string
    /** Set-Cookie headers that go out with the answer, whatever the route answers: a new session id must never get lost. */
    cookies: string[]
  }
}
