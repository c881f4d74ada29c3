import type { LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useLoaderData } from "@remix-run/react"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { SettingsTabs } from "~/components/settings-tabs"
import { ButtonLink } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { closingOf } from "~/domain/billing/closing.server"
import { requireMembership } from "~/http/guards.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Ownership and closing", matches)

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { membership, may } = await requireMembership(request, params.slug, "organization.close")
  const { slug, name, archivedAt } = membership.organization
  const { state } = closingOf(membership.organizationId)
  const hasSettings = archivedAt === null && may("organization.set_up")
  return { slug, name, role: membership.role, archived: archivedAt !== null, hasSettings, state }
}

export default function Danger() {
  const { slug, name, role, archived, hasSettings, state } = useLoaderData<typeof loader>()
  return (
    <AppPage
      title={hasSettings ? "Settings" : "Export and closing"}
      lead={
        archived
          ? "A copy of what it holds, and its end."
          : "Who owns it, a copy of what it holds, and its end."
      }
    >
      {hasSettings && <SettingsTabs slug={slug} role={role} />}
      {!archived && (
        <Card
          title="Hand it over"
          lead="A member becomes owner in your place, once they accept."
          action={
            <ButtonLink kind="secondary" to={paths.organization.transfer(slug)}>
              Hand over
            </ButtonLink>
          }
          className="pb-5"
        />
      )}
      <Card
        title="Download everything"
        lead="People, invitations, settings, plan and audit log, in one JSON file. It holds no secrets."
        action={
          <ButtonLink kind="secondary" reloadDocument to={paths.organization.export(slug)}>
            Download
          </ButtonLink>
        }
        className="pb-5"
      />
      <Card
        {...closingCards[state](name)}
        action={
          <ButtonLink kind={state === "open" ? "danger" : "secondary"} to={paths.organization.closure(slug)}>
            {state === "open" ? "Close" : "See how it stands"}
          </ButtonLink>
        }
        className="pb-5"
      />
    </AppPage>
  )
}

const closingCards = {
  open: (name: string) => ({
    title: `Close ${name}`,
    lead: "Ends the plan, locks everyone out, and erases everything after a time in which you can restore it.",
  }),
  waiting: (name: string) => ({ title: `${name} is being closed`, lead: "You can still call it off." }),
  closed: (name: string) => ({ title: `${name} is closed`, lead: "You can restore it until it is erased." }),
  erasing: (name: string) => ({ title: `${name} is being erased`, lead: "It cannot be restored any more." }),
}
