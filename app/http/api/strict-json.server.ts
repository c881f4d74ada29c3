import type { z } from "zod"
import { failureJson } from "~/http/failures.server"

/**
 * The body of a request as JSON, in UTF-8 (RFC 8259, section 8.1). Throws the 400 for what is none; an empty body is undefined.
 */
export async function readStrictJson(request: Request): Promise<unknown> {
  const bytes = await request.arrayBuffer()
  if (bytes.byteLength === 0) return undefined
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes))
  } catch {
    throw failureJson("not_json")
  }
}

/** What is wrong, by field: the path of each with dots. What concerns the whole stands under the empty name. */
export function fieldsOf(error: z.ZodError): Record<string, string[]> {
  const fields: Record<string, string[]> = {}
  for (const { path, message } of error.issues) {
    const name = path.map(String).join(".")
    fields[name] = [...(fields[name] ?? []), message]
  }
  return fields
}
