import { useRevalidator } from "@remix-run/react"
import { useEffect } from "react"
import { Banner } from "~/components/ui/banner"
import { Button, ButtonLink } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { Form } from "~/components/ui/form"
import { Progress } from "~/components/ui/progress"
import { Time } from "~/components/ui/time"
import type { PlanOnReopening } from "~/domain/billing/closing"
import { paths } from "~/lib/paths"

/** Milliseconds between looks at something that takes seconds. */
const lookAgain = 2_000

type Waiting = {
  name: string
  since: Date
  trouble: string | null
  nextTryAt: Date
  plan: PlanOnReopening
}

/** Closing waits for the payment provider; an owner can call it off. */
export function ClosureWaits({ name, since, trouble, nextTryAt, plan }: Waiting) {
  useLookingAgain(trouble === null)
  return (
    <>
      {trouble ? (
        <Banner tone="warn" title="It waits for the payment provider">
          {trouble} {name} stays open until nothing more will be charged. You need not do anything: we try
          again every hour, next at about <Time at={nextTryAt} />.
        </Banner>
      ) : (
        <div aria-live="polite">
          <Progress label="The plan is being ended" />
        </div>
      )}
      <Card
        title="Changed your mind?"
        lead={
          <>
            An owner asked for this on <Time at={since} />. If you call it off, {name} stays open
            {plan === "gone" ? ", but its plan has ended already." : " and everything is as before."}
          </>
        }
      >
        <Reopen label="Call it off" pending="Calling it off…" kind="secondary" />
      </Card>
      {!trouble && (
        <noscript>
          <meta httpEquiv="refresh" content="3" />
        </noscript>
      )}
    </>
  )
}

/** Loads the page's data again every few seconds. */
function useLookingAgain(waiting: boolean) {
  const { revalidate } = useRevalidator()
  useEffect(() => {
    if (!waiting) return
    const timer = setInterval(revalidate, lookAgain)
    return () => clearInterval(timer)
  }, [waiting, revalidate])
}

type Closed = { slug: string; name: string; since: Date; eraseAt: Date; plan: PlanOnReopening }

/** Closed, and within the grace: one click brings everything back. */
export function ClosureDone({ slug, name, since, eraseAt, plan }: Closed) {
  return (
    <>
      <Banner tone="warn" title={`${name} is closed`}>
        It was closed on <Time at={since} show="date" />. On <Time at={eraseAt} /> everything in it is erased
        for good.
      </Banner>
      <Card title={`Restore ${name}`} lead={`Everything will be as it was. ${afterwards[plan]}`}>
        <Reopen label="Restore the organisation" pending="Restoring…" kind="primary" />
      </Card>
      <Card title="Keep a copy" lead="Its people, invitations, settings, plan and audit log, in one file.">
        <ButtonLink kind="secondary" reloadDocument to={paths.organization.export(slug)}>
          Download everything
        </ButtonLink>
      </Card>
    </>
  )
}

const afterwards = {
  goes_on: "The plan will go on, too.",
  gone: "The plan has ended; you can choose one afterwards.",
  nothing: "",
}

/** The grace is over: nothing leads back. */
export function ClosureOver({ name, trouble }: { name: string; trouble: string | null }) {
  return (
    <Banner tone="bad" title={`${name} is being erased`}>
      The time in which it could be restored is over.{" "}
      {trouble ? `It waits for the payment provider. ${trouble}` : "It will be gone within the hour."}
    </Banner>
  )
}

function Reopen(props: { label: string; pending: string; kind: "primary" | "secondary" }) {
  return (
    <Form>
      <input type="hidden" name="intent" value="reopen" />
      <div>
        <Button kind={props.kind} pendingLabel={props.pending}>
          {props.label}
        </Button>
      </div>
    </Form>
  )
}
