import { z } from "zod"
import {
  createDocument,
  type ZodOpenApiObject,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
} from "zod-openapi"
import { apiKeyPrefix } from "~/domain/organizations/api-key-lookup.server"
import { acts } from "~/domain/organizations/roles"
import { answerHeaders, responsesOf } from "~/http/api/document-answers.server"
import { areas, type Declaration, type Endpoint } from "~/http/api/endpoint.server"
import { idempotencyHeader } from "~/http/api/idempotency.server"
import { methods, type Resource, resources } from "~/http/api/resource.server"
import { refreshCookie } from "~/http/refresh-cookie.server"
import { sessionCookie } from "~/http/session-cookie.server"
import { env } from "~/platform/env.server"

const overview = `What people do here from day to day, for programs. Only the pages do the rest: another e-mail address, a password set or changed while signed in, export and deletion; handing an organisation over and closing it, its slug, logo, sign-in rules and domains, changing its plan, its invoices and export. Nothing but this document may be cached.

**Errors** have one shape, with a stable \`code\`. Beside those named at each endpoint, any of them may answer 500 \`failed\`, 421 \`unknown_host\`, 400 \`malformed\`, 405 \`method_not_allowed\` with \`Allow\`, and 413 or 415 to a body it does not take.

**Bodies** are JSON in UTF-8, at most 64 kB. No key and no parameter may stand twice.

**Limits**: 429 says in \`Retry-After\` when to come back.

**Making things**: send an \`Idempotency-Key\` and ask again without fear where an answer was lost.

**Browsers** of other origins may call with a token, never with cookies, where the installation names their origin.`

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
      description: overview,
    },
    servers: [{ url: appUrl }],
    tags: areas.map(name => ({ name })),
    paths,
    components: {
      headers: answerHeaders,
      securitySchemes: {
        session: {
          type: "apiKey",
          in: "cookie",
          name: sessionCookie.name(),
          description:
            "What the pages use. Calls that change something need an `Origin` of this installation, too.",
        },
        refresh: {
          type: "apiKey",
          in: "cookie",
          name: refreshCookie.name(),
          description:
            "The refresh token, as signing in and refreshing set it. It goes to `/api/auth` only, and scripts do not see it.",
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

let kept: { text: string; settings: unknown; of: unknown } | undefined

/** The same as JSON, made once: it takes longer to make than any answer of ours, and anyone may ask for it. */
export function openApiText(): string {
  const [settings, of] = [env(), resources()]
  if (kept?.settings !== settings || kept.of !== of)
    kept = { text: JSON.stringify(openApiDocument()), settings, of }
  return kept.text
}

type Plain = { format?: string; pattern?: string; minimum?: number; maximum?: number; examples?: unknown[] }

/** Leaves out what says less than it is long: how a format is checked, and that a number is one JavaScript can count. */
function plainly(schema: Plain) {
  if (schema.format) delete schema.pattern
  if (schema.format?.endsWith("email")) schema.examples ??= ["alice@acme.example"]
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
    responses: responsesOf(declaration, method),
  }
}

type Security = NonNullable<ZodOpenApiOperationObject["security"]>

function securityOf({ who, scope, byRefreshToken }: Declaration): Security {
  if (byRefreshToken) return [{ refresh: [] }]
  const person: Security = [{ session: [] }, { token: [] }]
  if (who === "anyone") return [{}, ...person]
  return who === "someone" || scope ? [...person, { key: [] }] : person
}

function whoWords({ who, scope, freshProof, byRefreshToken }: Declaration): string {
  if (byRefreshToken) return "For whoever has a refresh token."
  const proof = freshProof ? " They must have shown within 15 minutes who they are." : ""
  if (who === "anyone") return "For anyone."
  if (who === "person") return `For whoever is signed in.${proof}`
  if (who === "someone") return "For whoever is signed in, and for API keys."
  const keys = scope ? ` For API keys with the scope \`${scope}\`.` : ""
  const [first = "", ...rest] = acts[who]
  return `For members who may: ${first.toLowerCase()}${rest.join("")}.${proof}${keys}`
}
