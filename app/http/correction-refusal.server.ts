import type { correctAddress } from "~/domain/billing/correct-address.server"
import { failures } from "~/http/failures.server"
import { type ReadForm, refuse } from "~/http/forms.server"
import { tooMany } from "~/http/sign-in-attempt.server"

type Refusal = Extract<Awaited<ReturnType<typeof correctAddress>>, { ok: false }>["error"]

/** Why an address cannot be corrected, on the form that asked. */
export function sayCorrectionRefusal(form: ReadForm<unknown>, refusal: Refusal) {
  if (refusal === "invalid") {
    return refuse(form, { fields: { email: "Enter an e-mail address, such as name@example.com." } })
  }
  if (refusal === "too_late") {
    const [status] = failures.conflict
    return refuse(form, { message: "This address can no longer be changed here." }, { status })
  }
  throw tooMany(refusal)
}
