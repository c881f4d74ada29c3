import { createApiKey } from "~/domain/organizations/api-keys.server"
import { type ApiScope, apiScopeList } from "~/domain/organizations/api-scopes"
import type { User } from "~/platform/models.server"
import { member, requester } from "./membership"
import { type Called, Program, signInProgram } from "./program"
import { rowsOf } from "./tenancy"
import type { World } from "./world"

export type Ask = { method: string; path: string; body?: unknown }

/** Someone's own program, signed in. */
export const programOf = (w: World, user: User) => signInProgram(new Program(w.url), user)

/** A program that calls with a key of this person's. */
export async function programByKey(
  w: World,
  user: User,
  { scopes = apiScopeList, slug = "acme" }: { scopes?: ApiScope[]; slug?: string } = {},
): Promise<Program> {
  const made = await createApiKey(
    await member(user, slug),
    { name: "CI", scopes: [...scopes], expiresAt: null },
    requester,
  )
  if (!made.ok) throw new Error(made.error)
  const program = new Program(w.url)
  program.accessToken = made.value.key
  return program
}

/** How a call was refused, or that it was not. */
export const codeOf = ({ status, json }: Called) => `${status} ${json?.error?.code ?? "done"}`

/** What everyone who has no business at an endpoint of Acme hears there. Fails if one of them changes a row of Acme. */
export async function refusalsAt(
  w: World,
  { method, path, body }: Ask,
  scope: ApiScope,
): Promise<Record<string, string>> {
  const { alice, amir, bob, charlie, olive, acme } = w.cast
  const others = apiScopeList.filter(one => one !== scope)
  const ended = await programOf(w, amir)
  await ended.call("POST", "/api/auth/logout")
  const callers = {
    member: await programOf(w, bob),
    stranger: await programOf(w, charlie),
    operator: await programOf(w, olive),
    "signed out": ended,
    "key without the scope": await programByKey(w, alice, { scopes: others }),
    "key of another organisation": await programByKey(w, charlie, { slug: "birch" }),
  }
  const before = JSON.stringify(rowsOf(w, acme.id))
  const heard: Record<string, string> = {}
  for (const [name, caller] of Object.entries(callers)) {
    const answer = await caller.call(method, path, body)
    if (answer.text.includes("Acme") && answer.status === 404) throw new Error(`${name} hears of Acme.`)
    heard[name] = codeOf(answer)
  }
  const guest = await new Program(w.url).send(method, path, body, { Origin: w.url })
  heard.guest = codeOf(guest)
  if (JSON.stringify(rowsOf(w, acme.id)) !== before) throw new Error("Someone refused has changed something.")
  return heard
}

/** What is heard where only owners and admins have business. */
export const onlyManagers = {
  member: "403 forbidden",
  stranger: "404 not_found",
  operator: "404 not_found",
  "signed out": "401 invalid_token",
  "key without the scope": "403 scope_missing",
  "key of another organisation": "404 not_found",
  guest: "401 signed_out",
}
