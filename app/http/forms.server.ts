import { parseWithZod } from "@conform-to/zod/v4"
import { data } from "@remix-run/node"
import type { z } from "zod"
import { formDataOf } from "~/http/form-data.server"
import type { FormProblem } from "~/lib/form-problem"

type Typed = Record<string, string | undefined>
export type ReadForm<T> =
  | { ok: true; value: T; typed: Typed }
  | { ok: false; typed: Typed; fields: Record<string, string[]>; message?: string }

/** Reads a posted form against its schema. What was typed comes back with the errors. */
export async function readForm<S extends z.ZodType>(
  request: Request,
  schema: S,
): Promise<ReadForm<z.output<S>>> {
  const submission = parseWithZod(ownFields(await formDataOf(request)), { schema })
  const typed = Object.fromEntries(
    Object.entries(submission.payload).map(([name, value]) => [name, textOf(value)] as const),
  )
  if (submission.status === "success") return { ok: true, value: submission.value, typed }
  const fields: Record<string, string[]> = {}
  for (const [name, errors] of Object.entries(submission.error ?? {})) if (errors) fields[name] = errors
  const { "": form, ...others } = fields
  return { ok: false, typed, fields: others, message: form?.[0] }
}

/** Answers 400 (or as said) with what was typed and what is wrong with it: by field, and of the form as a whole. */
export function refuse(
  form: ReadForm<unknown>,
  problem: { message?: string; fields?: Record<string, string | string[]> } = {},
  init: { status?: number; headers?: HeadersInit } = {},
) {
  const own = form.ok ? {} : { message: form.message, fields: form.fields }
  const body: FormProblem = { ...own, ...problem, values: form.typed }
  return data(body, { status: 400, ...init })
}

/** Several boxes of one name come back as one list, separated by commas. */
function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value
  return Array.isArray(value) && value.every(one => typeof one === "string") ? value.join(",") : undefined
}

/** The library reads instructions from fields that begin with two underscores; our forms have none. */
function ownFields(form: FormData): FormData {
  for (const name of [...form.keys()]) if (name.startsWith("__")) form.delete(name)
  return form
}
