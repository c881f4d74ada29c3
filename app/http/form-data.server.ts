import { failure } from "~/http/failures.server"

/**
 * The fields of a posted form. Answers 400 when the body is no form, or one with files: programs send such things, our pages
 * never do.
 */
export async function formDataOf(request: Request): Promise<FormData> {
  if (isMultipart(request)) throw noForm()
  return parse(request)
}

/** The same where a file may come with it. */
export async function formWithFileOf(request: Request): Promise<FormData> {
  return parse(request)
}

function isMultipart(request: Request): boolean {
  return /^multipart\//i.test(request.headers.get("Content-Type") ?? "")
}

async function parse(request: Request): Promise<FormData> {
  try {
    return await request.formData()
  } catch {
    throw noForm()
  }
}

function noForm() {
  return failure("invalid_input", { words: "This is not a form. Open the page again and retry." })
}
