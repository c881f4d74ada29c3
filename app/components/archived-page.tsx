import type { ReactNode } from "react"
import { useSupportEmail } from "~/components/app-name"
import { AppPage } from "~/components/page"
import { Banner } from "~/components/ui/banner"
import { ButtonLink } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { Facts } from "~/components/ui/facts"
import { TextLink } from "~/components/ui/text-link"
import { Time } from "~/components/ui/time"
import { WayOut } from "~/components/way-out"
import type { WayOutAct } from "~/domain/billing/banners"
import type { ArchivedView, Hold } from "~/domain/organizations/archived"
import { paths } from "~/lib/paths"

type Props = {
  view: ArchivedView
  /** What would put its plan right, where that is why. */
  act: WayOutAct | undefined
}

/** What members of an archived organisation see in place of its pages: why it is, and what they can do. */
export function ArchivedPage({ view, act }: Props) {
  const { organization, role, mayPay, holds, eraseAt } = view
  const closed = holds.some(({ because }) => because === "closing")
  return (
    <AppPage
      title={`${organization.name} is archived`}
      lead={`Nobody can work in it until it is restored. ${closed ? "Your" : "Nothing is deleted, and your"} other organisations are not affected.`}
    >
      {holds.map(hold => (
        <Reason
          key={hold.because}
          {...{ hold, eraseAt, act }}
          alone={holds.length === 1}
          wayOut={mayPay && act && <WayOut act={act} slug={organization.slug} primary />}
        />
      ))}
      {role === "owner" ? (
        <WaysOn slug={organization.slug} closed={closed} />
      ) : (
        <>
          {mayPay && <MayPay slug={organization.slug} />}
          <WhomToAsk view={view} />
        </>
      )}
    </AppPage>
  )
}

type ReasonProps = {
  hold: Hold
  alone: boolean
  eraseAt: Date | null
  act: WayOutAct | undefined
  wayOut: ReactNode
}

function Reason({ hold: { because, at, note, by }, alone, eraseAt, act, wayOut }: ReasonProps) {
  const since = <Time at={at} show="date" />
  if (because === "billing") {
    const { title, once } = planWords(act)
    return (
      <Banner tone="warn" title={title} action={wayOut}>
        Archived since {since}. {once}, {alone ? "everything is back as it was." : "this reason is gone."}
      </Banner>
    )
  }
  if (because === "closing") {
    return (
      <Banner tone="bad" title={by ? `${by} closed it` : "It was closed"}>
        Closed on {since}.{" "}
        {eraseAt && (
          <>
            Everything in it is erased on <Time at={eraseAt} show="date" />, unless an owner takes it back
            before.
          </>
        )}
      </Banner>
    )
  }
  return (
    <Banner tone="warn" title="An operator of this installation archived it">
      Archived since {since}.{note && ` They say: ${note}`}
    </Banner>
  )
}

function planWords(act: WayOutAct | undefined): { title: string; once: string } {
  switch (act) {
    case "choose_plan":
      return { title: "The plan has ended", once: "With a new one" }
    case "resume_plan":
      return { title: "The plan is paused", once: "Once it goes on" }
    default:
      return { title: "The plan is not paid", once: "Once it is paid" }
  }
}

function WaysOn({ slug, closed }: { slug: string; closed: boolean }) {
  const supportEmail = useSupportEmail()
  return (
    <Card
      title="What you can still do"
      lead="You are an owner."
      footer={
        supportEmail && (
          <>
            Questions? Write to{" "}
            <a href={`mailto:${supportEmail}`} className="link">
              {supportEmail}
            </a>
            .
          </>
        )
      }
    >
      <Facts
        items={[
          planAndInvoices(slug),
          {
            label: "Your data",
            value: (
              <TextLink reloadDocument to={paths.organization.export(slug)}>
                Download everything
              </TextLink>
            ),
          },
          {
            label: "Closing",
            value: (
              <TextLink to={paths.organization.closure(slug)}>
                {closed ? "Take the closing back" : "Close the organisation"}
              </TextLink>
            ),
          },
        ]}
      />
    </Card>
  )
}

/** For admins whom the owners let manage billing: it is open to them. */
function MayPay({ slug }: { slug: string }) {
  return (
    <Card title="What you can still do" lead="The owners let admins manage billing.">
      <Facts items={[planAndInvoices(slug)]} />
    </Card>
  )
}

function planAndInvoices(slug: string) {
  return {
    label: "Plan and invoices",
    value: <TextLink to={paths.organization.billing(slug)}>Open billing</TextLink>,
  }
}

function WhomToAsk({ view: { owners, organization } }: { view: ArchivedView }) {
  if (owners.length === 0) return null
  return (
    <Card
      title="Whom to ask"
      lead={owners.length === 1 ? "The owner can tell you more." : "The owners can tell you more."}
    >
      <ul className="flex flex-col gap-2 text-ink text-sm">
        {owners.map(({ name, email }) => (
          <li key={email}>
            {name && `${name}, `}
            <a href={`mailto:${email}`} className="link break-all">
              {email}
            </a>
          </li>
        ))}
      </ul>
      <div className="mt-5 flex flex-wrap gap-3">
        <ButtonLink kind="secondary" to={paths.account.profile()}>
          Your account
        </ButtonLink>
        <ButtonLink kind="quiet" to={paths.organization.leave(organization.slug)}>
          Leave {organization.name}
        </ButtonLink>
      </div>
    </Card>
  )
}
