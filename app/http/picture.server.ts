const contentPolicy = "default-src 'none'; sandbox; frame-ancestors 'none'"

/** What was sent in a file field, whole: the front has measured it. Nothing for a field of text or none. */
export async function sentBytes(field: FormDataEntryValue | null): Promise<Buffer> {
  if (field === null || typeof field === "string") return Buffer.alloc(0)
  return Buffer.from(await field.arrayBuffer())
}

/**
 * A picture for those who may see it. Asked for by its hash it may be kept for good, in the browser only; else the browser asks
 * again each time. Opened by itself it can neither run nor load anything.
 */
export function pictureResponse(
  request: Request,
  { png, hash }: { png: Uint8Array<ArrayBuffer>; hash: string },
): Response {
  const named = new URL(request.url).searchParams.get("v") === hash
  const tag = `"${hash}"`
  const headers = {
    "Content-Type": "image/png",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": contentPolicy,
    "Content-Disposition": "inline",
    "Cache-Control": named ? "private, max-age=31536000, immutable" : "private, no-cache",
    ETag: tag,
  }
  const known = request.headers.get("If-None-Match")?.split(/\s*,\s*/) ?? []
  if (known.includes(tag)) return new Response(null, { status: 304, headers })
  return new Response(png, { headers: { ...headers, "Content-Length": String(png.length) } })
}
