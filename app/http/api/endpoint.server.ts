/**
 * An endpoint of the JSON API is declared once, and everything follows from the declaration: who may call, what is checked before
 * anything runs, how it is answered, and what `/api/openapi.json` says of it. What does not fit never reaches the domain.
 */
import type { ActionFunctionArgs } from "@remix-run/node"
import type { z } from "zod"
import type { Requester } from "~/domain/accounts/requester"
import type { SignedIn } from "~/domain/accounts/sessions.server"
import type { KeyCaller } from "~/domain/organizations/api-key-lookup.server"
import type { ApiScope } from "~/domain/organizations/api-scopes"
import type { Membership } from "~/domain/organizations/memberships.server"
import type { Permission } from "~/domain/organizations/roles"
import { bearer } from "~/http/api/bearer.server"
import { onceByKey } from "~/http/api/idempotency.server"
import { refusingUnknown } from "~/http/api/strict-body.server"
import { fieldsOf, readStrictJson, readStrictQuery } from "~/http/api/strict-json.server"
import { type FailureCode, failureJson } from "~/http/failures.server"
import { requireFreshProofJson } from "~/http/fresh-proof.server"
import {
  optionalSession,
  personNeeded,
  requireKeyMembership,
  requireMembership,
  requireSession,
} from "~/http/guards.server"
import { requesterOf } from "~/http/requester.server"

/**
 * Who may call: `anyone`; `person`, someone signed in; `someone`, a person or the program of an organisation with its key; or an
 * act of the table of permissions, for members of the organisation that the path names as `slug`.
 */
export type Who = "anyone" | "person" | "someone" | Permission

/** In the order in which the document tells them. */
export const areas = [
  "Signing in",
  "Session",
  "Second factor",
  "Passkeys",
  "Providers",
  "Organisations",
  "People",
  "Invitations",
  "Audit log",
  "API keys",
  "Billing",
  "Onboarding",
] as const

export type Area = (typeof areas)[number]

/** Either of them. */
export type Someone = { signedIn: SignedIn; key?: undefined } | { key: KeyCaller; signedIn?: undefined }

type Caller<W extends Who> = W extends "anyone"
  ? { signedIn: SignedIn | undefined }
  : W extends "person"
    ? { signedIn: SignedIn }
    : W extends "someone"
      ? Someone
      : { membership: Membership }

type Parts<P, Q, B> = { params: P; query: Q; body: B }

/** What the run of an endpoint is given: everything checked already. */
export type Call<W extends Who, P, Q, B> = Parts<P, Q, B> &
  Caller<W> & { request: Request; context: ActionFunctionArgs["context"]; requester: Requester }

/** What a reader of the document is told of an endpoint. */
export type Declaration = {
  summary: string
  /** What a developer would want to know besides, in Markdown. */
  details?: string
  area: Area
  who: Who
  /** Keys made with this scope may call, too. Without one, keys may not. Goes with an act of the table of permissions. */
  scope?: ApiScope
  /** The person must have shown lately who they are [S5]. */
  freshProof?: true
  /** A token that does not count any more is taken for none: for whoever comes to get another one, or to leave. */
  staleToken?: "ignored"
  /** What counts is the refresh token, in its cookie, and nothing else. */
  byRefreshToken?: true
  /** In the path, by name. */
  params?: z.ZodObject
  query?: z.ZodObject
  body?: z.ZodType
  /**
   * It makes something: asked again with the same `Idempotency-Key`, it answers what it answered, and makes nothing more. Without
   * the field `toldOnce`, where there is one: a secret that is kept nowhere.
   */
  creates?: true | { toldOnce: string }
  /** The status of success: 200 unless told. */
  status?: 200 | 201 | 202 | 204
  /** What success answers; without it the answer is empty. */
  answer?: z.ZodType
  /** Another way it can end well, which `run` answers as a whole Response. */
  also?: { status: 200 | 202; answer: z.ZodType }
  /** What can go wrong beside what follows from `who` and the schemas. */
  failures?: readonly FailureCode[]
}

export type Endpoint = {
  declaration: Declaration
  /** `path` is the one it was declared at. */
  serve: (args: ActionFunctionArgs, path: string) => Promise<Response>
}

/** In the order a request is checked: who calls, the address, the query, the body. Fails with the answer that says what does not fit. */
async function serve<W extends Who, P, Q, B>(
  declaration: Declaration & { who: W },
  run: (call: Call<W, P, Q, B>) => Promise<unknown>,
  { request, context, params }: ActionFunctionArgs,
  path: string,
): Promise<Response> {
  const caller = await callerOf(request, declaration, params.slug)
  const parts = {
    params: declaration.params && check(declaration.params, params),
    query: declaration.query && check(declaration.query, readStrictQuery(request)),
    body: declaration.body && check(declaration.body, await readStrictJson(request)),
  }
  const requester = requesterOf(request, context)
  // The declaration's types say what these parts are; a value cannot tell TypeScript which of them were declared.
  const call: unknown = { ...parts, ...caller, request, context, requester }
  const answer = async () => answerOf(declaration, await run(call as Call<W, P, Q, B>))
  const { creates } = declaration
  if (!creates) return answer()
  const toldOnce = creates === true ? undefined : creates.toldOnce
  return onceByKey({ request, clientAddress: context.clientAddress, path, sent: parts, toldOnce }, answer)
}

function answerOf({ answer: schema, status = 200 }: Declaration, answer: unknown): Response {
  if (answer instanceof Response) return answer
  if (!schema) return new Response(null, { status: 204 })
  return Response.json(schema.parse(answer), { status })
}

async function callerOf(request: Request, declaration: Declaration, slug: string | undefined) {
  const { who, scope, freshProof } = declaration
  if (who === "anyone") return { signedIn: optionalSession(request) }
  const caller = bearer()
  if (caller?.kind === "key") return programOf(request, caller.key, { who, scope }, slug)
  const signedIn = requireSession(request)
  const member =
    who === "person" || who === "someone" ? undefined : await requireMembership(request, slug, who)
  if (freshProof) requireFreshProofJson(signedIn)
  return { signedIn, ...member }
}

/** The program behind an API key, where keys may call at all, and this one was made for it. */
async function programOf(
  request: Request,
  key: KeyCaller,
  { who, scope }: { who: Exclude<Who, "anyone">; scope?: ApiScope },
  slug: string | undefined,
) {
  if (who === "someone" && key.archived) throw failureJson("archived")
  if (who === "someone") return { key }
  if (who === "person" || !scope) throw personNeeded()
  if (key.scopes.includes(scope)) return requireKeyMembership(request, key, slug, who)
  throw failureJson("scope_missing", { words: `This API key lacks the scope ${scope}.` })
}

function check<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const checked = schema.safeParse(value)
  if (checked.success) return checked.data
  throw failureJson("invalid_input", { fields: fieldsOf(checked.error) })
}

type OutputOf<S> = S extends z.ZodType ? z.output<S> : undefined

/** Declares an endpoint and what it does. `run` answers the value of `answer`, or a whole Response where headers are needed. */
export function endpoint<
  const W extends Who,
  P extends z.ZodObject | undefined = undefined,
  Q extends z.ZodObject | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
  A extends z.ZodType | undefined = undefined,
>(
  declaration: Declaration & { who: W; params?: P; query?: Q; body?: B; answer?: A },
  run: (
    call: Call<W, OutputOf<P>, OutputOf<Q>, OutputOf<B>>,
  ) => Promise<(A extends z.ZodType ? z.input<A> : undefined) | Response>,
): Endpoint {
  const { body, ...rest } = declaration
  const declared = { ...rest, ...(body && { body: refusingUnknown(body) }) }
  return { declaration: declared, serve: (args, path) => serve(declared, run, args, path) }
}
