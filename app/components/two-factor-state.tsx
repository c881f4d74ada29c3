import { Badge } from "~/components/ui/badge"
import { Banner } from "~/components/ui/banner"
import { Button, ButtonLink } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { Facts } from "~/components/ui/facts"
import { Form } from "~/components/ui/form"
import { TextLink } from "~/components/ui/text-link"
import { Time } from "~/components/ui/time"
import type { FormProblem } from "~/lib/form-problem"
import { paths } from "~/lib/paths"

/** Two-factor sign-in that is not set up. */
export function TwoFactorOff({ problem }: { problem?: FormProblem }) {
  return (
    <Card
      title="Authenticator app"
      lead="An app on your phone shows a code that changes every 30 seconds. Whoever gets into your mailbox, or learns your password, still cannot sign in as you."
      footer={
        <>
          A <TextLink to={paths.account.passkeys()}>passkey</TextLink> counts as both steps at once where you
          sign in with it.
        </>
      }
    >
      <Form problem={problem}>
        <div>
          <Button name="intent" value="begin" pendingLabel="One moment…">
            Set up
          </Button>
        </div>
      </Form>
    </Card>
  )
}

type OnProps = { since: Date; codesLeft: number; problem?: FormProblem }

/** Two-factor sign-in that is on. */
export function TwoFactorOn({ since, codesLeft, problem }: OnProps) {
  return (
    <>
      <Card title="Authenticator app">
        <Facts
          items={[
            {
              label: "State",
              value: (
                <>
                  <Badge tone="good">On</Badge> since <Time at={since} show="date" />
                </>
              ),
            },
            {
              label: "Recovery codes",
              value: (
                <span className="flex flex-wrap items-center gap-x-4 gap-y-2">
                  {codesLeft <= 3 ? <Badge tone="warn">{codesLeft} left</Badge> : `${codesLeft} left`}
                  <TextLink to={paths.account.recoveryCodes()}>Make new ones</TextLink>
                </span>
              ),
            },
          ]}
        />
      </Card>
      <Card
        title="Switch off"
        lead="Signing in takes one step again, and the recovery codes stop working. Your other devices are signed out. Organisations that ask for a second factor will ask you to set one up anew."
      >
        <Form problem={problem} act="Switch off two-factor sign-in">
          <div>
            <Button kind="danger" name="intent" value="off" pendingLabel="Switching off…">
              Switch off two-factor sign-in
            </Button>
          </div>
        </Form>
      </Card>
    </>
  )
}

type AskedForProps = { redirectTo: string; passkey: boolean }

/** For whoever was led here because an organisation asks for a second factor [S11]. */
export function AskedFor({ redirectTo, passkey }: AskedForProps) {
  const way = passkey && (
    <ButtonLink kind="secondary" size="small" to={paths.account.secondFactor(redirectTo)}>
      Use my passkey
    </ButtonLink>
  )
  return (
    <Banner title="This is for an organisation of yours" action={way}>
      Set it up here, and you are led back to where you were going.
    </Banner>
  )
}
