import { bearer } from "~/http/api/bearer.server"
import { failureJson } from "~/http/failures.server"
import { optionalSession } from "~/http/guards.server"
import { clientKey } from "~/platform/client-key.server"
import { type Answer, answerOnce } from "~/platform/idempotency.server"

export const idempotencyHeader = "Idempotency-Key"

type Asked = {
  request: Request
  clientAddress: string
  path: string
  sent: { params: unknown }
  toldOnce?: string
}

/**
 * Answers a call that creates something. With `Idempotency-Key`, once: asked again, the first answer comes again, marked as such.
 * `path` is the declared one, for an address can be spelled in many ways; `sent` is all that was sent, checked already. Throws the
 * failure for a key that is none, that was used for something else, or whose first call is at work. `toldOnce` names a field, at any
 * depth, that is a secret: it is not kept, so only the first answer has it.
 */
export async function onceByKey(
  { request, clientAddress, path, sent, toldOnce }: Asked,
  answer: () => Promise<Response>,
): Promise<Response> {
  const key = request.headers.get(idempotencyHeader)
  if (key === null) return answer()
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    const words = "Give a key of 1 to 255 characters of ASCII, without spaces."
    throw failureJson("invalid_input", { fields: { [idempotencyHeader]: [words] } })
  }
  const made: { response?: Response } = {}
  const caller = callerOf(request, clientAddress)
  const call = `${request.method} ${path} ${JSON.stringify(sent.params ?? {})}`
  const answered = await answerOnce({ caller, call, key, sent: JSON.stringify(sent) }, async () => {
    made.response = await answer()
    return taken(made.response.clone(), toldOnce)
  })
  if (answered.ok) return made.response ?? replay(answered.value)
  if (answered.error.why === "key_reused") throw failureJson("idempotency_key_reused")
  throw failureJson("idempotency_in_progress", answered.error)
}

/** Guests behind one address share it, and with it their keys: those are random by advice, and nobody knows another's. */
function callerOf(request: Request, clientAddress: string): string {
  const who = bearer()
  if (who?.kind === "key") return `key ${who.key.id}`
  const signedIn = optionalSession(request)
  return signedIn ? `user ${signedIn.userId}` : `guest ${clientKey(clientAddress)}`
}

async function taken(response: Response, toldOnce: string | undefined): Promise<Answer> {
  // Cookies go out once only: a session may have another id by the time the answer is given again.
  const headers = [...response.headers].filter(([name]) => name !== "set-cookie")
  const text = await response.text()
  const body = toldOnce ? without(toldOnce, text) : text
  return { status: response.status, headers, body }
}

function without(field: string, json: string): string {
  return JSON.stringify(JSON.parse(json), (name, value) => (name === field ? undefined : value))
}

function replay({ status, headers, body }: Answer): Response {
  const marked = new Headers(headers)
  marked.set("Idempotent-Replayed", "true")
  return new Response(status === 204 ? null : body, { status, headers: marked })
}
