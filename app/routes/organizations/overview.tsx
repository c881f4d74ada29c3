import type { LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useLoaderData } from "@remix-run/react"
import { OfferBanner } from "~/components/ownership-offer"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { PlanLine } from "~/components/plan-line"
import { ButtonLink } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { Facts } from "~/components/ui/facts"
import { Steps } from "~/components/ui/steps"
import { TextLink } from "~/components/ui/text-link"
import { WithLogo } from "~/components/with-logo"
import { wordsOfStatus } from "~/domain/billing/access"
import { accessOf } from "~/domain/billing/access-of.server"
import { plans } from "~/domain/billing/plans"
import { seatsOf } from "~/domain/billing/seats.server"
import { readProgress } from "~/domain/onboarding/progress.server"
import { stepOf } from "~/domain/onboarding/steps"
import { offerTo } from "~/domain/organizations/ownership-offer.server"
import { roleNames } from "~/domain/organizations/roles"
import { requireMembership } from "~/http/guards.server"
import { paths } from "~/lib/paths"
import { env } from "~/platform/env.server"

export const meta: MetaFunction<typeof loader> = ({ data, matches }) =>
  pageTitle(data?.name ?? "Overview", matches)

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { signedIn, membership, may } = await requireMembership(request, params.slug)
  const { role, organization } = membership
  const access = await accessOf(membership.organizationId)
  return {
    slug: organization.slug,
    url: env().appUrl + paths.organization.overview(organization.slug),
    name: organization.name,
    logo: organization.logo,
    you: signedIn.name,
    role,
    seats: await seatsOf(membership),
    plan: access.plan && plans[access.plan],
    status: access.status && wordsOfStatus(access.status),
    endsAt: access.level === "full" ? access.cancelAt : null,
    mayInvite: may("invitations.manage"),
    mayPay: may("billing.manage"),
    offeredBy: await offerTo(membership),
    progress: may("organization.set_up") ? await readProgress(membership) : undefined,
  }
}

type Overview = ReturnType<typeof useLoaderData<typeof loader>>

export default function OverviewPage() {
  const page = useLoaderData<typeof loader>()
  const { slug, name, logo, you, offeredBy, progress, mayInvite } = page
  const settingUp = progress && !progress.finished
  return (
    <AppPage
      title={<WithLogo slug={slug} name={name} logo={logo} />}
      lead={you ? `Welcome, ${you}.` : undefined}
      action={
        mayInvite && (
          <ButtonLink to={paths.organization.invitations(slug)} kind={settingUp ? "secondary" : "primary"}>
            Invite people
          </ButtonLink>
        )
      }
    >
      {offeredBy && <OfferBanner from={offeredBy} slug={slug} name={name} />}
      {settingUp && <WhatNext slug={slug} progress={progress} />}
      <Card title="At a glance">
        <Facts items={factsOf(page)} />
      </Card>
    </AppPage>
  )
}

function WhatNext({ slug, progress }: { slug: string; progress: NonNullable<Overview["progress"]> }) {
  return (
    <Card
      title={progress.postponed ? "Go on setting up" : "What to do next"}
      lead={progress.current && stepOf(progress.current).title}
      action={<ButtonLink to={paths.onboarding(slug)}>Go on</ButtonLink>}
    >
      <Steps
        label="Set-up"
        steps={progress.steps.map(({ id, state }) => ({
          label: stepOf(id).label,
          state: id === progress.current ? "current" : state,
        }))}
      />
    </Card>
  )
}

function factsOf({ slug, url, seats: { members, limit }, plan, status, endsAt, role, mayPay }: Overview) {
  return [
    {
      label: "Plan",
      value: <PlanLine slug={slug} plan={plan?.name} status={status} endsAt={endsAt} mayPay={mayPay} />,
    },
    {
      label: "Members",
      value: (
        <TextLink to={paths.organization.members(slug)}>
          {limit === null ? members : `${members} of ${limit} seats`}
        </TextLink>
      ),
    },
    {
      label: "Your role",
      value: (
        <>
          {roleNames[role]} – <TextLink to={paths.organization.roles(slug)}>who may do what</TextLink>
        </>
      ),
    },
    { label: "Web address", value: <span className="break-all">{url}</span> },
  ]
}
