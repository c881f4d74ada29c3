import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node"
import { finishLater, markStep, readProgress } from "~/domain/onboarding/progress.server"
import { ChangeProgress } from "~/domain/onboarding/schemas"
import { type Progress, stepOf } from "~/domain/onboarding/steps"
import { failureJson } from "~/http/failures.server"
import { requireMembership, requireSession } from "~/http/guards.server"
import { readJson } from "~/http/json-body.server"

export async function loader({ request }: LoaderFunctionArgs) {
  const org = new URL(request.url).searchParams.get("org") ?? undefined
  const { membership } = await requireMembership(request, org, "organization.set_up")
  return answer(membership.organization.slug, await readProgress(membership))
}

export async function action({ request }: ActionFunctionArgs) {
  requireSession(request)
  if (request.method !== "PATCH")
    return failureJson("method_not_allowed", { headers: { Allow: "GET, PATCH" } })
  const change = await readJson(request, ChangeProgress)
  if (!change.ok) return change.error
  const { membership } = await requireMembership(request, change.value.org, "organization.set_up")
  const { slug } = membership.organization
  if ("postponed" in change.value) return answer(slug, await finishLater(membership))
  const marked = await markStep(membership, change.value.step, change.value.state)
  if (marked.ok) return answer(slug, marked.value.progress)
  const fields = { state: ["This step is done by doing it; it cannot be ticked."] }
  return failureJson("conflict", { fields })
}

function answer(org: string, { steps, current, finished, postponed }: Progress): Response {
  const named = steps.map(({ id, state }) => ({ id, title: stepOf(id).title, state }))
  const body = { org, steps: named, current: current ?? null, finished, postponed }
  return Response.json(body, { headers: { "Cache-Control": "no-store" } })
}
