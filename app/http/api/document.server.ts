import { z } from "zod"
import {
  createDocument,
  type ZodOpenApiObject,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from "zod-openapi"
import { acts } from "~/domain/organizations/roles"
import type { Declaration, Endpoint, Who } from "~/http/api/endpoint.server"
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
    paths,
    components: {
      securitySchemes: {
        session: {
          type: "apiKey",
          in: "cookie",
          name: appUrl.startsWith("https:") ? "__Host-gatehouse" : "gatehouse",
        },
      },
    },
  }
  return createDocument(document)
}

/** The same in short, by area, for people. */
export function endpointList() {
  const lines = [...resources()].flatMap(([path, resource]) =>
    methods.flatMap(method => {
      const found = resource[method]
      return found ? [{ ...found.declaration, method, path }] : []
    }),
  )
  return [...new Set(lines.map(line => line.area))].sort().map(area => ({
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
  const { summary, details, area, who, params, query, body } = declaration
  return {
    operationId: `${method.toLowerCase()}${path.replace(/[^\w]+(\w)?/g, (_, next = "") => next.toUpperCase())}`,
    summary,
    description: [details, whoWords(who)].filter(Boolean).join("\n\n"),
    tags: [area],
    security: who === "anyone" ? [{}, { session: [] }] : [{ session: [] }],
    requestParams: { ...(params && { path: params }), ...(query && { query }) },
    ...(body && { requestBody: { required: true, content: { "application/json": { schema: body } } } }),
    responses: responsesOf(declaration),
  }
}

function whoWords(who: Who): string {
  if (who === "anyone") return "For anyone."
  if (who === "person") return "For whoever is signed in."
  return `For members who may: ${acts[who].toLowerCase()}.`
}

function responsesOf(declaration: Declaration): ZodOpenApiResponsesObject {
  const { answer, status = answer ? 200 : 204 } = declaration
  const success = answer
    ? { description: "Done.", content: { "application/json": { schema: answer } } }
    : { description: "Done; there is nothing to say." }
  const responses: ZodOpenApiResponsesObject = { [`${status}`]: success }
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
function failuresOf({ who, params, query, body, failures = [] }: Declaration): FailureCode[] {
  const checked = params || query || body
  const all: FailureCode[] = [
    ...(body ? (["not_json"] as const) : []),
    ...(checked ? (["invalid_input"] as const) : []),
    ...(who === "anyone" ? [] : (["signed_out"] as const)),
    ...(who === "anyone" || who === "person" ? [] : (["forbidden", "archived", "not_found"] as const)),
    ...failures,
  ]
  return [...new Set(all)]
}
