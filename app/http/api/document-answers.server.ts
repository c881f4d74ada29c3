import { z } from "zod"
import type { ZodOpenApiResponsesObject } from "zod-openapi"
import type { Declaration } from "~/http/api/endpoint.server"
import { type FailureCode, failures } from "~/http/failures.server"

const ApiError = z
  .object({
    error: z.object({
      code: z.string().meta({ description: "Stable: programs decide by it." }),
      message: z.string().meta({ description: "For people, in English." }),
      fields: z
        .record(z.string(), z.array(z.string()))
        .optional()
        .meta({ description: "What is wrong, by the path of the field in what was sent." }),
      requestId: z.string().meta({ description: "Also in `X-Request-Id` and in the log." }),
    }),
  })
  .meta({ id: "Error" })

/** Headers of answers, by the name they have among the components of the document. */
export const answerHeaders = {
  RequestId: {
    description: "Tell us this id when something went wrong: it stands in our log, too.",
    schema: { type: "string" },
  },
  RetryAfter: { description: "Seconds until it makes sense to try again.", schema: { type: "integer" } },
  WwwAuthenticate: {
    description: '`Bearer`, with `error="invalid_token"` for a token or key that does not count (RFC 6750).',
    schema: { type: "string" },
  },
  IdempotentReplayed: {
    description: "`true` when this is the first answer again, and nothing was made.",
    schema: { type: "string" },
  },
} as const

const headerNamed = (name: keyof typeof answerHeaders) => ({ $ref: `#/components/headers/${name}` }) as const

const alsoWords = { 200: "Nothing was to be made.", 202: "Accepted; the rest follows by mail." } as const

/** Every answer of an endpoint, success and failures, by status. */
export function responsesOf(declaration: Declaration, method: string): ZodOpenApiResponsesObject {
  const { answer, status = answer ? 200 : 204, also, creates } = declaration
  const headers = creates && { "Idempotent-Replayed": headerNamed("IdempotentReplayed") }
  const success = answer
    ? { description: "Done.", headers, content: { "application/json": { schema: answer } } }
    : { description: "Done; there is nothing to say.", headers }
  const responses: ZodOpenApiResponsesObject = { [`${status}`]: success }
  if (also)
    responses[`${also.status}`] = {
      description: alsoWords[also.status],
      content: { "application/json": { schema: also.answer } },
    }
  const all = [...failuresOf(declaration), ...frontFailures(declaration, method)]
  for (const failed of new Set(all.map(code => failures[code][0]).sort())) {
    const codes = all.filter(code => failures[code][0] === failed)
    responses[`${failed}`] = {
      description: codes.map(code => `\`${code}\`: ${failures[code][1]}`).join("\n\n"),
      headers: headersOf(failed, codes),
      content: { "application/json": { schema: ApiError } },
    }
  }
  return responses
}

function headersOf(status: number, codes: readonly FailureCode[]) {
  const challenges = codes.includes("signed_out") || codes.includes("invalid_token")
  const waits = status === 429 || codes.includes("idempotency_in_progress")
  return {
    "X-Request-Id": headerNamed("RequestId"),
    ...(waits && { "Retry-After": headerNamed("RetryAfter") }),
    ...(challenges && { "WWW-Authenticate": headerNamed("WwwAuthenticate") }),
  }
}

/** What is refused before an endpoint is asked. */
function frontFailures({ body }: Declaration, method: string): FailureCode[] {
  if (method === "GET") return []
  return body ? ["forbidden_origin", "too_large", "json_expected"] : ["forbidden_origin"]
}

/** What follows from who may call and what is checked, and what the endpoint adds. */
function failuresOf(declaration: Declaration): FailureCode[] {
  const { who, freshProof, staleToken, params, query, body, creates, failures = [] } = declaration
  const checked = params || query || body || creates
  const ofMembers = who !== "anyone" && who !== "person" && who !== "someone"
  const all: FailureCode[] = [
    ...(body ? (["not_json"] as const) : []),
    ...(checked ? (["invalid_input"] as const) : []),
    ...(staleToken ? [] : (["invalid_token"] as const)),
    ...(who === "anyone" ? [] : (["signed_out"] as const)),
    ...(who === "anyone" || who === "someone" ? [] : (["scope_missing"] as const)),
    ...(who === "someone" ? (["archived"] as const) : []),
    ...(ofMembers ? (["forbidden", "read_only", "archived", "not_found"] as const) : []),
    ...(ofMembers ? (["sign_in_method", "second_factor"] as const) : []),
    ...(freshProof ? (["proof_needed"] as const) : []),
    ...(creates ? (["idempotency_in_progress", "idempotency_key_reused"] as const) : []),
    ...failures,
  ]
  return [...new Set(all)]
}
