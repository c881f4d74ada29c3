import { randomBytes } from "node:crypto"
import { resolve } from "node:path"
import type { RouteConfigEntry } from "@remix-run/route-config"
import { Validator } from "@seriousme/openapi-schema-validator"
import { beforeAll, expect, onTestFinished, test, vi } from "vitest"
import { apiScopeList, apiScopes } from "~/domain/organizations/api-scopes"
import { openApiDocument, openApiText } from "~/http/api/document.server"
import { resources } from "~/http/api/resource.server"
import { failures } from "~/http/failures.server"
import { setEnv } from "~/platform/env.server"
import routeConfig from "~/routes"

/** Addresses under /api that are no endpoints: the document itself, its page, Stripe’s webhook, ways that only browsers go, and what is nowhere. */
const others = [
  "/api/openapi.json",
  "/api/docs",
  "/api/webhooks/stripe",
  "/api/*",
  "/api/auth/:provider",
  "/api/auth/:provider/callback",
]

let listed: { path: string; file: string }[]

beforeAll(async () => {
  const walk = (items: RouteConfigEntry[]): RouteConfigEntry[] =>
    items.flatMap(item => [item, ...walk(item.children ?? [])])
  listed = walk(await routeConfig)
    .map(item => ({ path: `/${item.path ?? ""}`, file: item.file }))
    .filter(({ path }) => path.startsWith("/api/") && !others.includes(path))
  for (const { file } of listed) await import(resolve(import.meta.dirname, "../../app", file))
})

test("[A1] every endpoint of the sitemap is declared, and nothing else is", () => {
  expect([...resources().keys()].sort()).toEqual(listed.map(({ path }) => path).sort())
})

test("[A1] the document is valid OpenAPI 3.1, and names every path and method", async () => {
  const document = openApiDocument()
  const checked = await new Validator().validate(JSON.parse(JSON.stringify(document)))
  expect(checked.errors ?? []).toEqual([])
  expect(checked.valid).toBe(true)
  const told = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.keys(methods ?? {}).map(method => `${method.toUpperCase()} ${path}`),
  )
  const there = [...resources()].flatMap(([path, resource]) =>
    Object.keys(resource).map(method => `${method} ${path.replace(/:(\w+)/g, "{$1}")}`),
  )
  expect(told.sort()).toEqual(there.sort())
})

test("[A1] the document is made once, and again for other settings", async () => {
  const made = openApiText()
  expect(JSON.parse(made)).toEqual(JSON.parse(JSON.stringify(openApiDocument())))
  const stringify = vi.spyOn(JSON, "stringify")
  expect(openApiText()).toBe(made)
  expect(stringify).not.toHaveBeenCalled()
  stringify.mockRestore()
  const before = process.env.APP_NAME
  onTestFinished(() => setEnv({ APP_NAME: before }))
  setEnv({ APP_NAME: "Another House" })
  expect(JSON.parse(openApiText()).info.title).toBe("Another House API")
  const { loader } = await import("~/routes/api/openapi")
  const answer = loader()
  expect(answer.headers.get("Cache-Control")).toBe("public, max-age=300")
  expect(answer.headers.get("Content-Type")).toContain("application/json")
  expect(await answer.text()).toBe(openApiText())
})

test("[A1] the document tells the headers that say who to ask, when to come back, and what was made already", () => {
  const document = JSON.parse(JSON.stringify(openApiDocument()))
  const named = (name: string) => ({ $ref: `#/components/headers/${name}` })
  const { post } = document.paths["/api/billing/create-checkout-session"]
  expect(post.parameters).toMatchObject([{ in: "header", name: "Idempotency-Key" }])
  expect(post.responses[200].headers).toEqual({ "Idempotent-Replayed": named("IdempotentReplayed") })
  expect(post.responses[429].headers).toEqual({
    "X-Request-Id": named("RequestId"),
    "Retry-After": named("RetryAfter"),
  })
  expect(Object.keys(post.responses[409].headers)).toContain("Retry-After")
  expect(post.responses[422].description).toContain("`idempotency_key_reused`")
  const { get } = document.paths["/api/auth/profile"]
  expect(get.responses[401].headers["WWW-Authenticate"]).toEqual(named("WwwAuthenticate"))
  const { required } = document.components.schemas.Error.properties.error
  expect(required.sort()).toEqual(["code", "message", "requestId"])
})

test("[A1] every parameter of a path is declared, and every failure has a status and a sentence", () => {
  for (const [path, resource] of resources()) {
    const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name)
    for (const { declaration } of Object.values(resource)) {
      expect(Object.keys(declaration.params?.shape ?? {}).sort(), path).toEqual(inPath.sort())
      for (const code of declaration.failures ?? []) expect(failures[code], path).toBeDefined()
    }
  }
})

test("[A3] the scope of an endpoint is for the very act that the endpoint asks for, and no scope is for nothing", () => {
  const used = [...resources()].flatMap(([path, resource]) =>
    Object.values(resource).flatMap(({ declaration: { who, scope } }) => {
      if (scope) expect(apiScopes[scope].permission, path).toBe(who)
      return scope ?? []
    }),
  )
  expect(apiScopeList.filter(scope => !used.includes(scope))).toEqual([])
})

test("[A2] the document names the cookie that refreshing goes by, with and without https", () => {
  const cookie = () => {
    const document = JSON.parse(JSON.stringify(openApiDocument()))
    expect(document.paths["/api/auth/refresh"].post.security).toEqual([{ refresh: [] }])
    return document.components.securitySchemes.refresh.name
  }
  const { APP_URL, APP_SECRET } = process.env
  onTestFinished(() => setEnv({ APP_URL, APP_SECRET }))
  expect(cookie()).toBe("gatehouse-refresh")
  setEnv({ APP_URL: "https://gate.example", APP_SECRET: randomBytes(32).toString("base64") })
  expect(cookie()).toBe("__Secure-gatehouse-refresh")
})

test("[A1] where one of several fields is taken the document says so, and its example is taken as it stands", () => {
  const document = JSON.parse(JSON.stringify(openApiDocument()))
  const told = ["/api/auth/mfa/verify", "/api/auth/proof", "/api/organizations/{slug}/invitations"]
  for (const path of told) {
    const sent = document.paths[path].post.requestBody.content["application/json"].schema
    const schema = sent.$ref ? document.components.schemas[sent.$ref.split("/").at(-1)] : sent
    const [example] = schema.examples
    const fitting = schema.oneOf.filter(({ required: [name] }: { required: [string] }) => name in example)
    expect([path, fitting.length, schema.oneOf.length > 1]).toEqual([path, 1, true])
    const { body } = resources().get(path.replace(/{(\w+)}/g, ":$1"))?.POST?.declaration ?? {}
    expect([path, body?.safeParse(example).success]).toEqual([path, true])
  }
})

test("[A1] what an organisation refuses is told where its slug stands in the body or the query, too", () => {
  const { paths } = JSON.parse(JSON.stringify(openApiDocument()))
  const said = (path: string, method: string) => JSON.stringify(paths[path][method].responses)
  for (const code of ["not_found", "forbidden", "archived"])
    expect(said("/api/billing/create-checkout-session", "post")).toContain(`\`${code}\``)
  for (const method of ["get", "patch"])
    for (const code of ["archived", "read_only", "sign_in_method", "second_factor"])
      expect(said("/api/onboarding/progress", method), method).toContain(`\`${code}\``)
})
