import type { z } from "zod"
import { failureJson } from "~/http/failures.server"
import { err, ok, type Result } from "~/lib/result"

/** Reads a JSON body against its schema. Fails with the 400 that says which fields do not fit. */
export async function readJson<S extends z.ZodType>(
  request: Request,
  schema: S,
): Promise<Result<z.output<S>, Response>> {
  const body = schema.safeParse(await parse(request))
  if (body.success) return ok(body.data)
  const fields: Record<string, string[]> = {}
  for (const { path, message } of body.error.issues) {
    const name = path.join(".")
    fields[name] = [...(fields[name] ?? []), message]
  }
  return err(failureJson("invalid_input", { fields }))
}

/** What is no JSON is nothing, and fits no schema. */
async function parse(request: Request): Promise<unknown> {
  try {
    return await request.json()
  } catch {
    return undefined
  }
}
