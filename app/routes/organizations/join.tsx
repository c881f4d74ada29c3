import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useLoaderData } from "@remix-run/react"
import { JoinableOrganizations } from "~/components/joinable-organizations"
import { PublicPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { ButtonLink } from "~/components/ui/button"
import { isReadOnly } from "~/domain/billing/access"
import { accessAt } from "~/domain/billing/access-of.server"
import { seatLimitOf } from "~/domain/billing/seats.server"
import { joinableBy, joinByDomain } from "~/domain/organizations/join-by-domain.server"
import { JoinOrganization } from "~/domain/organizations/schemas"
import { failure } from "~/http/failures.server"
import { readForm } from "~/http/forms.server"
import { requireSession } from "~/http/guards.server"
import { requesterOf } from "~/http/requester.server"
import { redirectWithToast } from "~/http/toast.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Join an organisation", matches)

export async function loader({ request }: LoaderFunctionArgs) {
  const signedIn = requireSession(request)
  return { email: signedIn.email, organizations: await joinableBy(signedIn) }
}

export async function action({ request, context }: ActionFunctionArgs) {
  const signedIn = requireSession(request)
  const form = await readForm(request, JoinOrganization)
  if (!form.ok) throw failure("invalid_input")
  const { organization: slug } = form.value
  const requester = requesterOf(request, context)
  if (await waitsForPayment(signedIn, slug)) {
    const words = "Nobody can join it right now, because its plan is not paid. Ask someone who works there."
    return redirectWithToast(paths.organizations.join(), { kind: "bad", words })
  }
  const { userId } = signedIn
  const joined = await joinByDomain({ userId, slug, requester, seatsOf: seatLimitOf })
  if (!joined.ok && joined.error === "not_found") throw failure("not_found")
  if (!joined.ok) {
    const words = "There is no seat left: the plan of this organisation is full. We have told its owner."
    return redirectWithToast(paths.organizations.join(), { kind: "bad", words })
  }
  const words = `You are now a member of ${joined.value.name}.`
  return redirectWithToast(paths.organization.overview(joined.value.slug), { kind: "good", words })
}

/** Told only to whom it is open. */
async function waitsForPayment(person: { userId: string; email: string }, slug: string): Promise<boolean> {
  const open = (await joinableBy(person)).some(organization => organization.slug === slug)
  const access = open ? await accessAt(slug) : undefined
  return access !== undefined && isReadOnly(access.level)
}

export default function Join() {
  const { email, organizations } = useLoaderData<typeof loader>()
  if (organizations.length > 0) {
    return (
      <PublicPage title="You can join" lead={`With ${email}.`}>
        <JoinableOrganizations organizations={organizations} />
      </PublicPage>
    )
  }
  return (
    <PublicPage
      title="Nothing to join"
      lead={`No further organisation is open to the domain of ${email}. Someone there can invite you.`}
    >
      <div className="flex justify-center">
        <ButtonLink kind="secondary" to={paths.start()}>
          Go on
        </ButtonLink>
      </div>
    </PublicPage>
  )
}
