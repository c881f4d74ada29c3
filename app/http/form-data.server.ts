import { failure } from "~/http/failures.server"

/** The fields of a posted form. Answers 400 when the body is no form: programs send such things, our pages never do. */
export async function formDataOf(request: Request): Promise<FormData> {
  try {
    return await request.formData()
  } catch {
    throw failure("invalid_input", { words: "This is not a form. Open the page again and retry." })
  }
}
