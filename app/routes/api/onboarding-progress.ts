import { z } from "zod"
import { finishLater, markStep, readProgress } from "~/domain/onboarding/progress.server"
import { ChangeProgress } from "~/domain/onboarding/schemas"
import { type Progress, stepIds, stepOf } from "~/domain/onboarding/steps"
import { organizationFor } from "~/domain/sign-in/access-tokens.server"
import { bearer } from "~/http/api/bearer.server"
import { endpoint } from "~/http/api/endpoint.server"
import { resource } from "~/http/api/resource.server"
import { failureJson } from "~/http/failures.server"
import { requireMembership } from "~/http/guards.server"
import { apiPaths } from "~/lib/api-paths"

const SetUp = z
  .object({
    org: z.string(),
    steps: z.array(
      z.object({ id: z.enum(stepIds), title: z.string(), state: z.enum(["open", "done", "skipped"]) }),
    ),
    current: z.enum(stepIds).nullable(),
    finished: z.boolean(),
    postponed: z.boolean(),
  })
  .meta({ id: "OnboardingProgress" })

const failures = [
  "forbidden",
  "not_found",
  "archived",
  "read_only",
  "sign_in_method",
  "second_factor",
] as const

const read = endpoint(
  {
    summary: "How far the set-up of an organisation is",
    area: "Onboarding",
    who: "person",
    query: z.object({
      org: z.string().max(80).optional().meta({
        description:
          "The organisation’s slug; without it, the one the token speaks of, or that was used last.",
      }),
    }),
    answer: SetUp,
    failures,
  },
  async ({ request, query, signedIn }) => {
    const caller = bearer()
    const named = caller?.kind === "session" ? caller.organizationId : null
    const org = query.org ?? (await organizationFor(signedIn, named))?.organization.slug
    const { membership } = await requireMembership(request, org, "organization.set_up")
    return told(membership.organization.slug, await readProgress(membership))
  },
)

const change = endpoint(
  {
    summary: "Do or skip a step, or put the whole off",
    area: "Onboarding",
    who: "person",
    body: ChangeProgress,
    answer: SetUp,
    failures: [...failures, "step_by_doing"],
  },
  async ({ request, body }) => {
    const { membership } = await requireMembership(request, body.org, "organization.set_up")
    const { slug } = membership.organization
    if ("postponed" in body) return told(slug, await finishLater(membership))
    const marked = await markStep(membership, body.step, body.state)
    if (marked.ok) return told(slug, marked.value.progress)
    const fields = { state: ["This step is done by doing it; it cannot be ticked."] }
    throw failureJson("step_by_doing", { fields })
  },
)

function told(org: string, { steps, current, finished, postponed }: Progress) {
  const named = steps.map(({ id, state }) => ({ id, title: stepOf(id).title, state }))
  return { org, steps: named, current: current ?? null, finished, postponed }
}

const here = resource(apiPaths.onboardingProgress(), { GET: read, PATCH: change })
export const loader = here.loader
export const action = here.action
