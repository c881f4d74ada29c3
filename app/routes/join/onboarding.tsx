import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { Celebration } from "~/components/celebration"
import { InviteLines, leftOver } from "~/components/invite-lines"
import { OnboardingFrame } from "~/components/onboarding-frame"
import { StepForm } from "~/components/onboarding-steps"
import { pageTitle } from "~/components/page-title"
import { seatLimitOf, seatsOf } from "~/domain/billing/seats.server"
import { readProgress } from "~/domain/onboarding/progress.server"
import { TakeStep } from "~/domain/onboarding/schemas"
import { takeStep } from "~/domain/onboarding/take-step.server"
import { inviteRefusals } from "~/domain/organizations/invite.server"
import { membershipsOf } from "~/domain/organizations/memberships.server"
import { can, grantableBy } from "~/domain/organizations/roles"
import { readForm, refuse } from "~/http/forms.server"
import { requireMembership, requireSession } from "~/http/guards.server"
import { requesterOf } from "~/http/requester.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Set up your organisation", matches)

export async function loader({ request }: LoaderFunctionArgs) {
  const slug = orgOf(request)
  if (!slug) throw redirect(await usualOnboarding(request))
  const { signedIn, membership, may } = await requireMembership(request, slug, "organization.set_up")
  const { organization, role } = membership
  return {
    slug,
    organizationName: organization.name,
    personName: signedIn.name,
    grantable: grantableBy(role),
    seats: await seatsOf(membership),
    mayPay: may("billing.manage"),
    progress: await readProgress(membership),
  }
}

export async function action({ request, context }: ActionFunctionArgs) {
  const { membership } = await requireMembership(request, orgOf(request), "organization.set_up")
  const form = await readForm(request, TakeStep)
  if (!form.ok) return refuse(form)
  const seats = await seatLimitOf(membership.organizationId)
  const taken = await takeStep(membership, form.value, { requester: requesterOf(request, context), seats })
  if (!taken.ok) return refuse(form, { message: inviteRefusals[taken.error] })
  const { lines } = taken.value
  if (lines && "role" in form.value) return data({ lines, role: form.value.role })
  return redirect(paths.onboarding(membership.organization.slug), 303)
}

export default function Onboarding() {
  const page = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const lines = answer && "lines" in answer ? answer.lines : undefined
  const left = answer && "lines" in answer ? leftOver(answer) : undefined
  const problem = answer && !("lines" in answer) ? answer : left
  const { slug, organizationName, progress } = page
  const typed = lines?.map(line => line.typed).join()
  const said = lines && (
    <div role="status">
      <InviteLines lines={lines} />
    </div>
  )
  if (progress.finished) {
    return (
      <Celebration slug={slug} organizationName={organizationName}>
        {said}
      </Celebration>
    )
  }
  return (
    <OnboardingFrame slug={slug} progress={progress}>
      {said}
      <StepForm key={`${progress.current} ${typed}`} {...page} problem={problem} />
    </OnboardingFrame>
  )
}

function orgOf(request: Request): string | undefined {
  return new URL(request.url).searchParams.get("org") ?? undefined
}

/** Without a name in the address: the organisation used last that this person may set up. */
async function usualOnboarding(request: Request): Promise<string> {
  const memberships = await membershipsOf(requireSession(request).userId)
  const own = memberships.find(
    ({ role, organization }) => !organization.archivedAt && can(role, "organization.set_up"),
  )
  return own ? paths.onboarding(own.organization.slug) : paths.start()
}
