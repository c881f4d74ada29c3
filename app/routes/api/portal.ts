import { z } from "zod"
import { openPortal } from "~/domain/billing/portal.server"
import { OpenPortal } from "~/domain/billing/schemas"
import { endpoint } from "~/http/api/endpoint.server"
import { resource } from "~/http/api/resource.server"
import { failureJson } from "~/http/failures.server"
import { requireFreshProofJson } from "~/http/fresh-proof.server"
import { requireMembership } from "~/http/guards.server"
import { sayPortalRefusal } from "~/http/portal-refusal.server"
import { apiPaths } from "~/lib/api-paths"

const open = endpoint(
  {
    summary: "Open the customer portal",
    details: "For owners of the organisation, and for its admins where the owners allow it.",
    area: "Billing",
    who: "person",
    body: OpenPortal,
    answer: z.object({ url: z.url() }).meta({ id: "PortalSession" }),
    failures: ["forbidden", "proof_needed", "not_found", "no_plan", "not_configured", "stripe_unreachable"],
  },
  async ({ request, body }) => {
    const { membership, signedIn } = await requireMembership(request, body.organization, "billing.manage")
    requireFreshProofJson(signedIn)
    const opened = await openPortal(membership, { flow: body.flow })
    if (opened.ok) return opened.value
    const { code, words } = sayPortalRefusal(opened.error)
    throw failureJson(code, { words })
  },
)

const here = resource(apiPaths.portal(), { POST: open })
export const loader = here.loader
export const action = here.action
