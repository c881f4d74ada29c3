import type { SubmissionResult } from "@conform-to/react"
import { parseWithZod } from "@conform-to/zod/v4"
import { data } from "@remix-run/node"
import type { z } from "zod"

type Refused = {
  ok: false
  reply: (options?: {
    formErrors?: string[]
    fieldErrors?: Record<string, string[]>
  }) => SubmissionResult<string[]>
}
export type ReadForm<T> = { ok: true; value: T; reply: Refused["reply"] } | Refused

/** Reads a posted form against its schema. What was typed comes back with the errors. */
export async function readForm<S extends z.ZodType>(
  request: Request,
  schema: S,
): Promise<ReadForm<z.output<S>>> {
  const submission = parseWithZod(await request.formData(), { schema })
  const reply: Refused["reply"] = options => submission.reply(options)
  return submission.status === "success" ? { ok: true, value: submission.value, reply } : { ok: false, reply }
}

/** Answers 400 with the form as it was typed and what is wrong with it, by field; `""` is the form as a whole. */
export function refuse(
  form: { reply: Refused["reply"] },
  errors?: Record<string, string[]>,
  init: { status?: number; headers?: HeadersInit } = {},
) {
  const { "": formErrors, ...fieldErrors } = errors ?? {}
  const result = errors ? form.reply({ formErrors, fieldErrors }) : form.reply()
  return data(result, { status: 400, ...init })
}
