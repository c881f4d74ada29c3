import type { Reopened } from "~/domain/billing/reopen-organization.server"
import { reasonsToArchive } from "~/domain/organizations/archived"
import type { Toast } from "~/http/toast.server"
import type { Result } from "~/lib/result"

const plans = {
  goes_on: " The plan goes on.",
  gone: " The plan has ended; you can choose one under billing.",
  nothing: "",
} as const

/** What came of calling a closing off, or of restoring a closed organisation, in a few words. */
export function reopeningToast(
  name: string,
  reopened: Result<Reopened, "too_late" | "not_closing" | "changed">,
): Toast {
  if (reopened.ok) {
    const { outcome, plan, stillArchived } = reopened.value
    if (stillArchived.length > 0) {
      const why = reasonsToArchive(stillArchived)
      return { kind: "bad", words: `${name} is no longer closed, but still archived, because ${why}.` }
    }
    const what = outcome === "restored" ? `${name} is open again.` : `${name} stays open.`
    return { kind: "good", words: what + plans[plan] }
  }
  if (reopened.error === "changed")
    return { kind: "bad", words: "Your own role has just changed. Nothing was done." }
  return reopened.error === "too_late"
    ? { kind: "bad", words: `${name} is being erased. It cannot be restored any more.` }
    : { kind: "good", words: `${name} is open.` }
}
