import { z } from "zod"
import {
  createDocument,
  type ZodOpenApiObject,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from "zod-openapi"
import { apiKeyPrefix } from "~/domain/organizations/api-key-lookup.server"
import { acts } from "~/domain/organizations/roles"
import { areas, type Declaration, type Endpoint } from "~/http/api/endpoint.server"
import { idempotencyHeader } from "~/http/api/idempotency.server"
import { methods, type Resource, resources } from "~/http/api/resource.server"
import { type FailureCode, failures } from "~/http/failures.server"
import { env } from "~/platform/env.server"

const ApiError = z
  .object({
    error: z.object({
      code: z.string().meta({ description: "Stable: programs decide by it." }),
      message: z.string().meta({ description: "For people, in English." }),
      fields: z
        .record(z.string(), z.array(z.string()))
        .optional()
        .meta({ description: "What is wrong, by the path of the field in what was sent." }),
      requestId: z.string().optional().meta({ description: "Also in `X-Request-Id` and in the log." }),
    }),
  })
  .meta({ id: "Error" })

const IdempotencyKey = z.object({
  [idempotencyHeader]: z.string().min(1).max(255).optional().meta({
    description:
      "A random text, such as a UUID, made anew for each thing to be made. Asked again with the same one within 24 hours, the first answer comes again, with `Idempotent-Replayed: true`, and nothing more is made.",
  }),
})

/** The API as OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1.html), from the declarations the routes run by. */
export function openApiDocument(): ReturnType<typeof createDocument> {
  const { appName, appUrl } = env()
  const paths: ZodOpenApiPathsObject = {}
  for (const [path, resource] of [...resources()].sort(([a], [b]) => a.localeCompare(b))) {
    paths[path.replace(/:(\w+)/g, "{$1}")] = operationsOf(path, resource)
  }
  const document: ZodOpenApiObject = {
    openapi: "3.1.0",
    info: {
      title: `${appName} API`,
      version: "1",
      description: "All that the pages do, for programs. Errors have one shape; nothing may be cached.",
    },
    servers: [{ url: appUrl }],
    tags: areas.map(name => ({ name })),
    paths,
    components: {
      securitySchemes: {
        session: {
          type: "apiKey",
          in: "cookie",
          name: appUrl.startsWith("https:") ? "__Host-gatehouse" : "gatehouse",
          description:
            "What the pages use. Calls that change something need an `Origin` of this installation, too.",
        },
        token: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description:
            "An access token, as signing in and `POST /api/auth/refresh` answer it. It counts for an hour.",
        },
        key: {
          type: "http",
          scheme: "bearer",
          description: `An API key of an organisation: it begins with \`${apiKeyPrefix}\`, and does what its scopes say.`,
        },
      },
    },
  }
  return createDocument(document, { override: ({ jsonSchema }) => plainly(jsonSchema) })
}

/** Leaves out what says less than it is long: how a format is checked, and that a number is one JavaScript can count. */
function plainly(schema: { format?: string; pattern?: string; minimum?: number; maximum?: number }) {
  if (schema.format) delete schema.pattern
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum
}

/** The same in short, by area, for people. */
export function endpointList() {
  const lines = [...resources()]
    .sort(([a], [b]) => a.localeCompare(b))
    .flatMap(([path, resource]) =>
      methods.flatMap(method => {
        const found = resource[method]
        return found ? [{ ...found.declaration, method, path }] : []
      }),
    )
  const told = areas.filter(area => lines.some(line => line.area === area))
  return told.map(area => ({
    area,
    endpoints: lines
      .filter(line => line.area === area)
      .map(({ method, path, summary }) => ({ method, path, summary })),
  }))
}

function operationsOf(path: string, resource: Resource) {
  return Object.fromEntries(
    methods.flatMap(method => {
      const found = resource[method]
      return found ? [[method.toLowerCase(), operationOf(path, method, found)]] : []
    }),
  )
}

function operationOf(path: string, method: string, { declaration }: Endpoint): ZodOpenApiOperationObject {
  const { summary, details, area, params, query, body, creates } = declaration
  return {
    operationId: `${method.toLowerCase()}${path.replace(/[^\w]+(\w)?/g, (_, next = "") => next.toUpperCase())}`,
    summary,
    description: [details, whoWords(declaration)].filter(Boolean).join("\n\n"),
    tags: [area],
    security: securityOf(declaration),
    requestParams: {
      ...(params && { path: params }),
      ...(query && { query }),
      ...(creates && { header: IdempotencyKey }),
    },
    ...(body && {
      requestBody: {
        required: !body.safeParse(undefined).success,
        content: { "application/json": { schema: body } },
      },
    }),
    responses: responsesOf(declaration),
  }
}

type Security = NonNullable<ZodOpenApiOperationObject["security"]>

function securityOf({ who, scope }: Declaration): Security {
  const person: Security = [{ session: [] }, { token: [] }]
  if (who === "anyone") return [{}, ...person]
  return who === "someone" || scope ? [...person, { key: [] }] : person
}

function whoWords({ who, scope, freshProof }: Declaration): string {
  const proof = freshProof ? " They must have shown within 15 minutes who they are." : ""
  if (who === "anyone") return "For anyone."
  if (who === "person") return `For whoever is signed in.${proof}`
  if (who === "someone") return "For whoever is signed in, and for API keys."
  const keys = scope ? ` For API keys with the scope \`${scope}\`.` : ""
  return `For members who may: ${acts[who].toLowerCase()}.${proof}${keys}`
}

function responsesOf(declaration: Declaration): ZodOpenApiResponsesObject {
  const { answer, status = answer ? 200 : 204, also } = declaration
  const success = answer
    ? { description: "Done.", content: { "application/json": { schema: answer } } }
    : { description: "Done; there is nothing to say." }
  const responses: ZodOpenApiResponsesObject = { [`${status}`]: success }
  if (also)
    responses[`${also.status}`] = {
      description: "Accepted; the rest follows by mail.",
      content: { "application/json": { schema: also.answer } },
    }
  const all = failuresOf(declaration)
  for (const failed of new Set(all.map(code => failures[code][0]).sort())) {
    const codes = all.filter(code => failures[code][0] === failed)
    responses[`${failed}`] = {
      description: codes.map(code => `\`${code}\`: ${failures[code][1]}`).join("\n\n"),
      content: { "application/json": { schema: ApiError } },
    }
  }
  return responses
}

/** What follows from who may call and what is checked, and what the endpoint adds. */
function failuresOf(declaration: Declaration): FailureCode[] {
  const { who, scope, freshProof, staleToken, params, query, body, creates, failures = [] } = declaration
  const checked = params || query || body || creates
  const ofMembers = who !== "anyone" && who !== "person" && who !== "someone"
  const all: FailureCode[] = [
    ...(body ? (["not_json"] as const) : []),
    ...(checked ? (["invalid_input"] as const) : []),
    ...(staleToken ? [] : (["invalid_token"] as const)),
    ...(who === "anyone" ? [] : (["signed_out"] as const)),
    ...(who === "person" || scope ? (["scope_missing"] as const) : []),
    ...(ofMembers ? (["forbidden", "read_only", "archived", "not_found"] as const) : []),
    ...(ofMembers ? (["sign_in_method", "second_factor"] as const) : []),
    ...(freshProof ? (["proof_needed"] as const) : []),
    ...(creates ? (["idempotency_in_progress", "idempotency_key_reused"] as const) : []),
    ...failures,
  ]
  return [...new Set(all)]
}
