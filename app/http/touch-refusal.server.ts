import { type TouchRefusal, touchRefusals } from "~/domain/organizations/touched-member.server"
import type { FailureCode } from "~/http/failures.server"

const codes: Record<TouchRefusal, FailureCode> = {
  not_found: "not_found",
  role_not_yours: "forbidden",
  changed: "conflict",
  last_owner: "last_owner",
  yourself: "invalid_input",
  too_many: "too_many_requests",
}

const hour = 60 * 60

/** Why a member is not changed or removed, in the words of pages and programs. */
export function sayTouchRefusal(refusal: TouchRefusal): {
  code: FailureCode
  words: string
  retryAfterSeconds?: number
} {
  const said = { code: codes[refusal], words: touchRefusals[refusal] }
  return refusal === "too_many" ? { ...said, retryAfterSeconds: hour } : said
}
