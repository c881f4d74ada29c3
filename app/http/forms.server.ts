import { parseWithZod } from "@conform-to/zod/v4"
import { data } from "@remix-run/node"
import type { z } from "zod"
import { findSession } from "~/domain/accounts/sessions.server"
import { formDataOf } from "~/http/form-data.server"
import { isPassword, keptPasswords } from "~/http/kept-passwords.server"
import { sessionCookie } from "~/http/session-cookie.server"
import type { FormProblem } from "~/lib/form-problem"

type Typed = Record<string, string | undefined>
type Entries = [name: string, value: string][]

type Posted = {
  typed: Typed
  /** As it came, to be posted again. */
  entries: Entries
  /** What it carries besides, to prove who sends it (fresh-proof.server.ts). */
  proof: Record<string, string>
}

export type ReadForm<T> = Posted &
  ({ ok: true; value: T } | { ok: false; fields: Record<string, string[]>; message?: string })

/** Reads a posted form against its schema. What was typed comes back with the errors. */
export async function readForm<S extends z.ZodType>(
  request: Request,
  schema: S,
): Promise<ReadForm<z.output<S>>> {
  const { form, proof } = ownFields(request, await formDataOf(request))
  const submission = parseWithZod(form, { schema })
  const typed = Object.fromEntries(
    Object.entries(submission.payload).map(([name, value]) => [name, textOf(value)] as const),
  )
  const posted: Posted = { typed, entries: textsOf(form), proof }
  if (submission.status === "success") return { ok: true, value: submission.value, ...posted }
  const fields: Record<string, string[]> = {}
  for (const [name, errors] of Object.entries(submission.error ?? {})) if (errors) fields[name] = errors
  const { "": whole, ...others } = fields
  return { ok: false, fields: others, message: whole?.[0], ...posted }
}

/** Answers 400 (or as said) with what was typed and what is wrong with it: by field, and of the form as a whole. */
export function refuse(
  form: ReadForm<unknown>,
  problem: Omit<FormProblem, "values"> = {},
  init: { status?: number; headers?: HeadersInit } = {},
) {
  const own = form.ok ? {} : { message: form.message, fields: form.fields }
  const body: FormProblem = { ...own, ...problem, values: withoutPasswords(form.typed) }
  return data(body, { status: 400, ...init })
}

/** A password is typed anew rather than written into a page. */
function withoutPasswords(typed: Typed): Typed {
  return Object.fromEntries(Object.entries(typed).filter(([name]) => !isPassword(name)))
}

/** Several boxes of one name come back as one list, separated by commas. */
function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value
  return Array.isArray(value) && value.every(one => typeof one === "string") ? value.join(",") : undefined
}

/** The library reads instructions from fields that begin with two underscores; our forms have none. Proof is read apart. */
function ownFields(request: Request, form: FormData): { form: FormData; proof: Record<string, string> } {
  const proof: Record<string, string> = {}
  for (const [name, value] of [...form]) {
    if (name.startsWith("proof_") && typeof value === "string") proof[name] = value
    if (name.startsWith("proof_") || name.startsWith("__")) form.delete(name)
  }
  for (const [name, value] of keptFor(request, proof.proof_kept))
    if (!form.has(name)) form.append(name, value)
  return { form, proof }
}

function keptFor(request: Request, kept: string | undefined): Entries {
  const token = kept && sessionCookie.read(request.headers.get("Cookie"))
  const signedIn = token ? findSession(token) : undefined
  if (!kept || !signedIn) return []
  return keptPasswords({ sessionId: signedIn.sessionId, path: new URL(request.url).pathname }, kept)
}

function textsOf(form: FormData): Entries {
  return [...form].flatMap(([name, value]): Entries => (typeof value === "string" ? [[name, value]] : []))
}
